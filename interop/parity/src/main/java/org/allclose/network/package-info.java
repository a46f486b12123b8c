/**
 * Network files: a network as JSON, each layer and loss with its settings.
 *
 * <p>Networks themselves are those of {@code org.allclose}; their parameters are read in {@code
 * org.allclose.weights}, and cases, which have a network file beside them, in {@code
 * org.allclose.parity}.
 */
package org.allclose.network;
