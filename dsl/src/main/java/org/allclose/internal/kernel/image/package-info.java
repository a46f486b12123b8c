/**
 * Loops that know of channels, height and width: where windows lie, convolutions as matrix
 * products, pools, and a convolution with the pool after it. Images are arrays of shape (N, C, H,
 * W) in C order. Whatever does not ask where an element lies in its image lives in {@code
 * elementwise}.
 */
package org.allclose.internal.kernel.image;
