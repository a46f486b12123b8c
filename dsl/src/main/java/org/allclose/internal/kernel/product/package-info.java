/**
 * Matrix products, with the bits of numpy's OpenBLAS: the plain definition of the order of
 * additions, scalar loops, loops on the Vector API, and how products are shared among threads. What
 * is done to a result while it is still in the cache, a bias and ReLU, belongs to a product.
 * Convolutions, which make products of images, live in {@code image}.
 */
package org.allclose.internal.kernel.product;
