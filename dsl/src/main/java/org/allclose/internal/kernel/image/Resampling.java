package org.allclose.internal.kernel.image;

import java.util.Arrays;

/** Images made larger or smaller: each pixel is a sum of some, first along rows, then columns. */
public final class Resampling {
  private Resampling() {}

  /**
   * Computes {@code sum over i of h[i] * (sum over j of w[j] * x[i, j])}, each sum in its order,
   * starting from its first product.
   *
   * @param x (planes, H, W); not modified
   * @param y (planes, OH, OW); modified: overwritten
   */
  public static void forward(
      double[] x, int planes, ResampledAxis rows, ResampledAxis columns, double[] y) {
    int target = 0;
    for (int plane = 0; plane < planes; plane++) {
      int source = plane * rows.length() * columns.length();
      for (int row = 0; row < rows.outputs(); row++) {
        for (int column = 0; column < columns.outputs(); column++, target++) {
          double sum = rows.weight(row, 0) * along(x, source, rows.index(row, 0), columns, column);
          for (int i = 1; i < rows.taps(); i++) {
            sum += rows.weight(row, i) * along(x, source, rows.index(row, i), columns, column);
          }
          y[target] = sum;
        }
      }
    }
  }

  private static double along(double[] x, int source, int row, ResampledAxis columns, int column) {
    int start = source + row * columns.length();
    double sum = columns.weight(column, 0) * x[start + columns.index(column, 0)];
    for (int j = 1; j < columns.taps(); j++) {
      sum += columns.weight(column, j) * x[start + columns.index(column, j)];
    }
    return sum;
  }

  /**
   * Computes the gradient of {@link #forward}: an element gets {@code (h[i] * w[j]) * dy}, added to
   * 0, from the outputs in their order, and of each in the order of i and j.
   *
   * @param dy (planes, OH, OW); not modified
   * @param dx (planes, H, W); modified: overwritten
   */
  public static void gradient(
      double[] dy, int planes, ResampledAxis rows, ResampledAxis columns, double[] dx) {
    Arrays.fill(dx, 0, planes * rows.length() * columns.length(), 0.0);
    int source = 0;
    for (int plane = 0; plane < planes; plane++) {
      int target = plane * rows.length() * columns.length();
      for (int row = 0; row < rows.outputs(); row++) {
        for (int column = 0; column < columns.outputs(); column++, source++) {
          for (int i = 0; i < rows.taps(); i++) {
            int start = target + rows.index(row, i) * columns.length();
            for (int j = 0; j < columns.taps(); j++) {
              dx[start + columns.index(column, j)] +=
                  rows.weight(row, i) * columns.weight(column, j) * dy[source];
            }
          }
        }
      }
    }
  }
}
