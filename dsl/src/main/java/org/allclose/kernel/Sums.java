package org.allclose.kernel;

import java.util.Arrays;

/** Sums in numpy's order. */
public final class Sums {
  private Sums() {}

  /** Computes the sum over the rows, row after row: numpy's {@code sum(axis=0)}. */
  public static void overRows(double[] matrix, int rows, int columns, double[] sum) {
    Arrays.fill(sum, 0, columns, 0.0);
    if (rows > 0) {
      System.arraycopy(matrix, 0, sum, 0, columns);
    }
    for (int i = 1; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        sum[j] += matrix[i * columns + j];
      }
    }
  }

  /** Computes {@code np.sum(x * x)}. */
  public static double ofSquares(double[] x, int n) {
    return ofSquares(x, 0, n);
  }

  private static double ofSquares(double[] x, int from, int n) {
    if (n < 8) {
      double sum = n == 0 ? 0.0 : x[from] * x[from];
      for (int i = 1; i < n; i++) {
        sum += x[from + i] * x[from + i];
      }
      return sum;
    }
    if (n <= 128) {
      double[] r = new double[8];
      for (int i = 0; i < 8; i++) {
        r[i] = x[from + i] * x[from + i];
      }
      int i = 8;
      for (; i < n - n % 8; i += 8) {
        for (int j = 0; j < 8; j++) {
          r[j] += x[from + i + j] * x[from + i + j];
        }
      }
      double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
      for (; i < n; i++) {
        sum += x[from + i] * x[from + i];
      }
      return sum;
    }
    int half = n / 2 / 8 * 8;
    return ofSquares(x, from, half) + ofSquares(x, from + half, n - half);
  }
}
