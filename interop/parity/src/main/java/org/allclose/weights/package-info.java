/**
 * Brings numpy files, safetensors and parameters together, under whatever names and layouts.
 *
 * <p>Bytes are read in {@code org.allclose.jnpy}; what network they are for stands in files of
 * {@code org.allclose.network}, and comparison lives in {@code org.allclose.parity}.
 */
package org.allclose.weights;
