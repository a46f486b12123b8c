package org.allclose.internal.kernel.math;

import org.allclose.internal.kernel.runtime.KernelProvider;

/**
 * The elementary functions of arrays that have a scalar and a Vector API implementation, of the
 * same bits.
 *
 * <p>An output may be the input itself, at the same offset; other overlaps are not supported.
 */
public interface FunctionKernel {

  /** The implementation of this JVM. */
  FunctionKernel CHOSEN = KernelProvider.current().get(FunctionKernel.class);

  /** Computes {@code y[i] = exp(x[i])} for n elements. */
  void exp(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code y[i] = log(x[i])} for n elements. */
  void log(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code y[i] = tanh(x[i])} for n elements. */
  void tanh(double[] x, int xOffset, double[] y, int yOffset, int n);
}
