/**
 * Brings numpy files, safetensors, parameters and network files (JSON) together.
 *
 * <p>Bytes are read in {@code org.allclose.jnpy}; comparison lives in {@code org.allclose.parity}.
 */
package org.allclose.weights;
