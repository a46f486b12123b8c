/**
 * Network files: a network as JSON, layers and losses with their settings.
 *
 * <p>Networks themselves are those of {@code org.allclose}; their parameters are read in {@code
 * org.allclose.weights}, and cases, which have a network file beside them, in {@code
 * org.allclose.parity}.
 */
package org.allclose.network;
