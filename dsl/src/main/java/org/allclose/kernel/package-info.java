/**
 * The only loops: matrix product, sums, exponentials and elementwise passes on {@code double[]}.
 *
 * <p>Internal: other packages of this library call it, users should not. Every result has the bits
 * of numpy in the environment the fixtures are recorded in, whatever the JDK, the processor or the
 * number of threads. Kernels do not check their arguments; their callers do.
 */
package org.allclose.kernel;
