/**
 * Elementary functions, of a number and of arrays of them, with the bits of the C library and the
 * SIMD loops that numpy uses: exp, log, tanh, erf, pow, and the tables they need. Each is computed
 * element by element, so that nothing here depends on where an array begins or ends. What sums up
 * elements lives in {@code reduce}, what layers and losses make of functions in {@code
 * elementwise}.
 */
package org.allclose.internal.kernel.math;
