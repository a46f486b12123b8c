/**
 * The only loops, on {@code double[]}, in six rooms: {@code runtime}, which {@code math} and {@code
 * reduce} use, then {@code elementwise} and {@code product}, then {@code image}.
 *
 * <p>Internal: other packages of this library call them, users should not. Every result has the
 * bits of numpy in the environment the fixtures are recorded in, whatever the JDK, the processor or
 * the number of threads. Kernels do not check their arguments; their callers do.
 */
package org.allclose.internal.kernel;
