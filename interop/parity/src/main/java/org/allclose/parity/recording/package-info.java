/**
 * What was recorded, as values: a case, what is expected of its tensors, how near Java must come,
 * and how far it is.
 *
 * <p>Nothing here reads a file or computes a network: cases are read and run in {@code
 * org.allclose.parity}.
 */
package org.allclose.parity.recording;
