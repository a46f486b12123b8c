package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.runtime.KernelProvider;

/**
 * The passes over elements that have a scalar and a Vector API implementation, of the same bits.
 *
 * <p>An output may be the input itself, at the same offset; other overlaps are not supported.
 */
interface ElementwiseKernel {

  /** The implementation of this JVM. */
  ElementwiseKernel CHOSEN = KernelProvider.current().get(ElementwiseKernel.class);

  /** Computes {@code y[i] = x[i] * (x[i] > 0)} for n elements. */
  void relu(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code dx[i] = dout[i] * (y[i] > 0)} for i from {@code from} to {@code to}. */
  void reluGradient(double[] dout, double[] y, double[] dx, int from, int to);

  /** Computes {@code x[i] = x[i] + row[i]} for n elements of x. */
  void addRow(double[] x, int xOffset, double[] row, int n);

  /** Computes {@code v = x[i] + row[i]; x[i] = v * (v > 0)} for n elements of x. */
  void addRowRelu(double[] x, int xOffset, double[] row, int n);
}
