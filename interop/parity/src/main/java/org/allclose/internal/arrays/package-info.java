/**
 * Arrays of files of any kind and dtype: {@code .npy}, {@code .npz}, {@code .safetensors}.
 *
 * <p>As parameters of a network they are asked for in {@code org.allclose.weights}. Internal: it
 * changes as allclose needs it.
 */
package org.allclose.internal.arrays;
