package org.allclose.internal.kernel.math;

import org.allclose.internal.kernel.runtime.KernelChoice;

/**
 * The loops that have a scalar and a Vector API implementation; both give the same bits.
 *
 * <p>An output may be the input itself, at the same offset; other overlaps are not supported.
 */
public interface ArrayFunctions {

  /** The implementation of this JVM. */
  ArrayFunctions CHOSEN =
      KernelChoice.implementation(
          ArrayFunctions.class,
          ScalarArrayFunctions::new,
          ScalarArrayFunctions::new,
          "org.allclose.internal.kernel.math.VectorArrayFunctions");

  /** Computes {@code y[i] = exp(x[i])} for n elements. */
  void exp(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code y[i] = log(x[i])} for n elements. */
  void log(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code y[i] = tanh(x[i])} for n elements. */
  void tanh(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code y[i] = x[i] * (x[i] > 0)} for n elements. */
  void relu(double[] x, int xOffset, double[] y, int yOffset, int n);

  /** Computes {@code dx[i] = dout[i] * (y[i] > 0)} for the first n elements. */
  void reluGradient(double[] dout, double[] y, double[] dx, int n);

  /** Computes {@code x[i] = x[i] + row[i]} for n elements of x. */
  void addRow(double[] x, int xOffset, double[] row, int n);

  /** Computes {@code v = x[i] + row[i]; x[i] = v * (v > 0)} for n elements of x. */
  void addRowRelu(double[] x, int xOffset, double[] row, int n);

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
