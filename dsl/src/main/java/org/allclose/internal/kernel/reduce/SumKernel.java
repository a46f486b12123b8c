package org.allclose.internal.kernel.reduce;

import org.allclose.internal.kernel.runtime.KernelProvider;

/** The sums that have a scalar and a Vector API implementation, of the same bits. */
interface SumKernel {

  /** The implementation of this JVM. */
  SumKernel CHOSEN = KernelProvider.current().get(SumKernel.class);

  /** Computes the sum of each column of a matrix: 0.0 and row after row. */
  void sumOverRows(double[] matrix, int rows, int columns, double[] sum);

  /** As {@link #sumOverRows}, of the squares of the differences from a center for each column. */
  void squaredDeviationsOverRows(
      double[] matrix, int rows, int columns, double[] center, double[] sum);

  /** Returns the sum of 8 to 128 elements: 8 interleaved partial sums, their tree, the rest. */
  double sumOfBlock(double[] x, int offset, int n);

  /** As {@link #sumOfBlock}, of the squares of the differences from a center. */
  double squaredDeviationsOfBlock(double[] x, int offset, int n, double center);
}
