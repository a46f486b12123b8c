/**
 * Runs the network of a recorded case as it was recorded: as a whole, layer by layer, and with the
 * decisions that fell the other way by rounding.
 *
 * <p>Comparisons are made in {@code org.allclose.parity}, causes found in {@code
 * org.allclose.parity.diagnosis}. Internal: it changes as allclose needs it.
 */
package org.allclose.internal.trace;
