package org.allclose.internal.kernel.image;

import org.allclose.internal.kernel.runtime.KernelProvider;

/** The loops over images that have a scalar and a Vector API implementation, of the same bits. */
public interface ImageKernel {

  /** The implementation of this JVM. */
  ImageKernel CHOSEN = KernelProvider.current().get(ImageKernel.class);

  /**
   * Copies the elements of images that lie under some outputs.
   *
   * @param from images; not modified
   * @param place what to add to the runs' sources
   * @param stride elements from one output's to the next's
   * @param to modified: an element for each output, from {@code start} on
   */
  void copyRuns(Runs runs, double[] from, int place, int stride, double[] to, int start);

  /**
   * Adds an element for each output to the elements of images that lie under it.
   *
   * @param from an element for each output, from {@code start} on; not modified
   * @param to images; modified
   * @param place what to add to the runs' sources
   * @param stride elements from one output's to the next's
   */
  void addRuns(Runs runs, double[] from, int start, double[] to, int place, int stride);

  /**
   * Computes the largest of each two by two elements of two rows: of equal ones the first, and the
   * first NaN before all.
   *
   * @param x not modified
   * @param row where the upper row starts
   * @param next where the lower row starts
   * @param out modified: n elements from {@code target} on
   */
  void maxOfSquares(double[] x, int row, int next, double[] out, int target, int n);

  /**
   * As {@link #maxOfSquares}, and tells where each value came from.
   *
   * @param from modified: n elements from {@code target} on, 0 and 1 for the upper row, 2 and 3 for
   *     the lower
   */
  void maxOfSquares(double[] x, int row, int next, double[] out, double[] from, int target, int n);

  /**
   * Computes the gradient of ReLU and {@link #maxOfSquares} after it: {@code (0.0 + dout) * (y >
   * 0)} where the value came from, 0 elsewhere.
   *
   * @param dout not modified: n elements from {@code source} on
   * @param y the values; not modified
   * @param from where they came from; not modified
   * @param dx modified: overwritten in the two rows, of {@code 2 * n} elements each
   * @param row where the upper row starts; the lower one follows it
   */
  void reluSquaresGradient(
      double[] dout, double[] y, double[] from, int source, double[] dx, int row, int n);

  /**
   * Computes the gradient of {@link #maxOfSquares}: dout, added to 0, where the value came from, 0
   * elsewhere.
   *
   * @param x not modified
   * @param dout not modified: n elements from {@code source} on
   * @param dx modified in the two rows: overwritten
   */
  void maxOfSquaresGradient(
      double[] x, int row, int next, double[] dout, int source, double[] dx, int n);
}
