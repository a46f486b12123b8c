/**
 * Reads and writes numpy's files, {@code .npy} and {@code .npz}.
 *
 * <p>Knows nothing of networks.
 */
package org.allclose.jnpy;
