package org.allclose.internal.kernel.reduce;

import java.util.Arrays;

/**
 * Sums, means and variances in numpy's order, for C-ordered arrays. {@link Reduction} has them for
 * any strides and axes.
 *
 * <p>numpy adds a run of n elements <b>pairwise</b>: fewer than 8 one after another; up to 128 in 8
 * partial sums r0 … r7 of every eighth element, combined as {@code ((r0 + r1) + (r2 + r3)) + ((r4 +
 * r5) + (r6 + r7))}, then the rest one after another; more in two parts, the first of n / 2 rounded
 * down to a multiple of 8. What it adds is added to 0.0, so that no sum is -0.0. Which elements
 * form a run depends on the axes:
 *
 * <ul>
 *   <li>all elements, or the last axes: what is summed is one run, however long;
 *   <li>the first axis of (N, D): no run, row after row is added to D sums;
 *   <li>axes 0, 2 and 3 of (N, C, H, W): a run of H * W for each image, added image after image;
 *   <li>where an axis that is kept has length 1 (D or C above) it does not part the runs: all is
 *       one.
 * </ul>
 *
 * <p>A mean is the sum divided by the count; a variance is the mean of the squared deviations from
 * the mean, each rounded: {@code d = x - mean; d * d}.
 */
public final class Sums {
  public static final int BLOCK = 128;

  private Sums() {}

  /** Returns {@code np.sum(x)} of n contiguous elements. */
  public static double of(double[] x, int offset, int n) {
    return 0.0 + pairwise(x, offset, n);
  }

  /** Returns {@code np.sum(x)} of n elements that are stride apart, as of {@code x[::stride]}. */
  public static double of(double[] x, int offset, int stride, int n) {
    return 0.0 + pairwise(x, offset, stride, n);
  }

  /** Returns {@code np.mean(x)} of n contiguous elements. */
  public static double mean(double[] x, int offset, int n) {
    return of(x, offset, n) / n;
  }

  /** Returns {@code np.var(x)} of n contiguous elements. */
  public static double variance(double[] x, int offset, int n) {
    return (0.0 + pairwiseSquares(x, offset, n, mean(x, offset, n))) / n;
  }

  /** Returns {@code np.sum(x * x)} of the first n elements. */
  public static double ofSquares(double[] x, int n) {
    return 0.0 + pairwiseSquares(x, 0, n, 0.0);
  }

  /**
   * Computes the sum over the rows, row after row: {@code matrix.sum(axis=0)}.
   *
   * @param sum of columns elements; modified
   */
  public static void overRows(double[] matrix, int rows, int columns, double[] sum) {
    if (columns == 1) {
      sum[0] = of(matrix, 0, rows);
      return;
    }
    SumKernel.CHOSEN.sumOverRows(matrix, rows, columns, sum);
  }

  /**
   * Computes the sum of each row: {@code matrix.sum(axis=1)}; with the images of a batch as rows
   * {@code x.sum(axis=(1, 2, 3))}, with their planes {@code x.sum(axis=(2, 3))}.
   *
   * @param sum of rows elements; modified
   */
  public static void ofRows(double[] matrix, int rows, int columns, double[] sum) {
    for (int i = 0; i < rows; i++) {
      sum[i] = 0.0 + pairwise(matrix, i * columns, columns);
    }
  }

  /**
   * Computes the sum of each channel of images: {@code x.sum(axis=(0, 2, 3))} of (N, C, H, W).
   *
   * @param plane H * W
   * @param sum of channels elements; modified
   */
  public static void ofChannels(double[] x, int images, int channels, int plane, double[] sum) {
    if (channels == 1) {
      sum[0] = of(x, 0, images * plane);
      return;
    }
    Arrays.fill(sum, 0, channels, 0.0);
    for (int i = 0; i < images; i++) {
      for (int c = 0; c < channels; c++) {
        sum[c] += pairwise(x, (i * channels + c) * plane, plane);
      }
    }
  }

  /**
   * Computes mean and variance of each column: {@code x.mean(axis=0)} and {@code x.var(axis=0)}.
   *
   * @param mean of columns elements; modified
   * @param variance of columns elements; modified
   */
  public static void momentsOverRows(
      double[] matrix, int rows, int columns, double[] mean, double[] variance) {
    if (columns == 1) {
      momentsOfRows(matrix, 1, rows, mean, variance);
      return;
    }
    overRows(matrix, rows, columns, mean);
    divide(mean, columns, rows);
    SumKernel.CHOSEN.squaredDeviationsOverRows(matrix, rows, columns, mean, variance);
    divide(variance, columns, rows);
  }

  /**
   * Computes mean and variance of each row: {@code x.mean(axis=1)} and {@code x.var(axis=1)}.
   *
   * @param mean of rows elements; modified
   * @param variance of rows elements; modified
   */
  public static void momentsOfRows(
      double[] matrix, int rows, int columns, double[] mean, double[] variance) {
    for (int i = 0; i < rows; i++) {
      mean[i] = mean(matrix, i * columns, columns);
      double squares = 0.0 + pairwiseSquares(matrix, i * columns, columns, mean[i]);
      variance[i] = squares / columns;
    }
  }

  /**
   * Computes the mean of the squares of each row: {@code np.mean(x * x, axis=1)}.
   *
   * @param mean of rows elements; modified
   */
  public static void meanSquareOfRows(double[] matrix, int rows, int columns, double[] mean) {
    for (int i = 0; i < rows; i++) {
      mean[i] = (0.0 + pairwiseSquares(matrix, i * columns, columns, 0.0)) / columns;
    }
  }

  /**
   * Computes mean and variance of each channel of images: {@code x.mean(axis=(0, 2, 3))} and {@code
   * x.var(axis=(0, 2, 3))} of (N, C, H, W).
   *
   * @param plane H * W
   * @param mean of channels elements; modified
   * @param variance of channels elements; modified
   */
  public static void momentsOfChannels(
      double[] x, int images, int channels, int plane, double[] mean, double[] variance) {
    if (channels == 1) {
      momentsOfRows(x, 1, images * plane, mean, variance);
      return;
    }
    double count = (double) images * plane;
    ofChannels(x, images, channels, plane, mean);
    divide(mean, channels, count);
    Arrays.fill(variance, 0, channels, 0.0);
    for (int i = 0; i < images; i++) {
      for (int c = 0; c < channels; c++) {
        variance[c] += pairwiseSquares(x, (i * channels + c) * plane, plane, mean[c]);
      }
    }
    divide(variance, channels, count);
  }

  private static void divide(double[] x, int n, double divisor) {
    for (int i = 0; i < n; i++) {
      x[i] /= divisor;
    }
  }

  /** The pairwise sum of a run of contiguous elements; -0.0 where there is none or all are. */
  public static double pairwise(double[] x, int offset, int n) {
    if (n < 8) {
      double sum = -0.0;
      for (int i = 0; i < n; i++) {
        sum += x[offset + i];
      }
      return sum;
    }
    if (n <= BLOCK) {
      return SumKernel.CHOSEN.sumOfBlock(x, offset, n);
    }
    int half = firstPart(n);
    return pairwise(x, offset, half) + pairwise(x, offset + half, n - half);
  }

  /** The pairwise sum of a run of elements that are stride apart. */
  static double pairwise(double[] x, int offset, int stride, int n) {
    if (stride == 1) {
      return pairwise(x, offset, n);
    }
    if (n <= BLOCK) {
      return stridedBlock(x, offset, stride, n);
    }
    int half = firstPart(n);
    return pairwise(x, offset, stride, half)
        + pairwise(x, offset + half * stride, stride, n - half);
  }

  private static double pairwiseSquares(double[] x, int offset, int n, double center) {
    if (n < 8) {
      double sum = -0.0;
      for (int i = 0; i < n; i++) {
        double deviation = x[offset + i] - center;
        sum += deviation * deviation;
      }
      return sum;
    }
    if (n <= BLOCK) {
      return SumKernel.CHOSEN.squaredDeviationsOfBlock(x, offset, n, center);
    }
    int half = firstPart(n);
    return pairwiseSquares(x, offset, half, center)
        + pairwiseSquares(x, offset + half, n - half, center);
  }

  private static double stridedBlock(double[] x, int offset, int stride, int n) {
    double sum = -0.0;
    int summed = 0;
    if (n >= 8) {
      summed = n & -8;
      double r0 = stridedSum(x, offset, 8 * stride, summed / 8);
      double r1 = stridedSum(x, offset + stride, 8 * stride, summed / 8);
      double r2 = stridedSum(x, offset + 2 * stride, 8 * stride, summed / 8);
      double r3 = stridedSum(x, offset + 3 * stride, 8 * stride, summed / 8);
      double r4 = stridedSum(x, offset + 4 * stride, 8 * stride, summed / 8);
      double r5 = stridedSum(x, offset + 5 * stride, 8 * stride, summed / 8);
      double r6 = stridedSum(x, offset + 6 * stride, 8 * stride, summed / 8);
      double r7 = stridedSum(x, offset + 7 * stride, 8 * stride, summed / 8);
      sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7));
    }
    for (int i = summed; i < n; i++) {
      sum += x[offset + i * stride];
    }
    return sum;
  }

  private static double stridedSum(double[] x, int offset, int stride, int n) {
    double sum = x[offset];
    for (int i = 1; i < n; i++) {
      sum += x[offset + i * stride];
    }
    return sum;
  }

  /** How many of more than 128 elements are summed first. */
  public static int firstPart(int n) {
    return (n / 2) & -8;
  }
}
