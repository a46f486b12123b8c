package org.allclose.internal.kernel.product;

import java.util.Arrays;

/** Products of a vector and a matrix whose outputs lie side by side, in scalar loops. */
final class ScalarAlongOutputs {
  private ScalarAlongOutputs() {}

  /** Computes outputs {@code from} to {@code to}. */
  static void multiply(Product q, int from, int to) {
    int grouped = q.outputs() - q.outputs() % 4;
    int end = Math.min(to, grouped);
    if (q.outputStride() == 1 && from < end) {
      rowByRow(q, from, end - from, q.c, q.cOffset + from);
    } else {
      for (int j = from; j < end; j++) {
        q.c[q.cOffset + j * q.outputStride()] = grouped(q, j);
      }
    }
    for (int j = Math.max(from, grouped); j < to; j++) {
      q.c[q.cOffset + j * q.outputStride()] = single(q, j);
    }
  }

  private static void rowByRow(Product q, int from, int count, double[] y, int yi) {
    Arrays.fill(y, yi, yi + count, 0.0);
    double[] x = q.x();
    int xi = q.xOffset();
    int xTerm = q.xTerm();
    double[] m = q.matrix();
    int mi = q.matrixOffset() + from;
    int mTerm = q.matrixTerm();
    for (int left = q.k; left >= 4; left -= 4) {
      double x0 = x[xi];
      double x1 = x[xi + xTerm];
      double x2 = x[xi + 2 * xTerm];
      double x3 = x[xi + 3 * xTerm];
      int m1 = mi + mTerm;
      int m2 = m1 + mTerm;
      int m3 = m2 + mTerm;
      for (int j = 0; j < count; j++) {
        double even = Math.fma(x2, m[m2 + j], x0 * m[mi + j]);
        double odd = Math.fma(x3, m[m3 + j], x1 * m[m1 + j]);
        y[yi + j] += even + odd;
      }
      xi += 4 * xTerm;
      mi += 4 * mTerm;
    }
    lastTerms(q, from, count, y, yi);
  }

  /** Adds the last {@code k % 4} terms to outputs that are grouped by four. */
  static void lastTerms(Product q, int from, int count, double[] y, int yi) {
    int terms = q.k % 4;
    double[] x = q.x();
    int xi = q.xOffset() + (q.k - terms) * q.xTerm();
    double[] m = q.matrix();
    int mi = q.matrixOffset() + from + (q.k - terms) * q.matrixTerm();
    if (terms >= 2) {
      double x0 = x[xi];
      double x1 = x[xi + q.xTerm()];
      int m1 = mi + q.matrixTerm();
      for (int j = 0; j < count; j++) {
        y[yi + j] += x0 * m[mi + j] + x1 * m[m1 + j];
      }
    }
    if (terms % 2 == 1) {
      double x0 = x[xi + (terms - 1) * q.xTerm()];
      int last = mi + (terms - 1) * q.matrixTerm();
      for (int j = 0; j < count; j++) {
        y[yi + j] += x0 * m[last + j];
      }
    }
  }

  /** Returns an output that is grouped by four with others. */
  static double grouped(Product q, int output) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xi = q.xOffset();
    int mi = q.matrixOffset() + output;
    int xTerm = q.xTerm();
    int mTerm = q.matrixTerm();
    double y = 0.0;
    int left = q.k;
    for (; left >= 4; left -= 4) {
      double even = Math.fma(x[xi + 2 * xTerm], m[mi + 2 * mTerm], x[xi] * m[mi]);
      double odd = Math.fma(x[xi + 3 * xTerm], m[mi + 3 * mTerm], x[xi + xTerm] * m[mi + mTerm]);
      y += even + odd;
      xi += 4 * xTerm;
      mi += 4 * mTerm;
    }
    if (left >= 2) {
      y += x[xi] * m[mi] + x[xi + xTerm] * m[mi + mTerm];
      xi += 2 * xTerm;
      mi += 2 * mTerm;
      left -= 2;
    }
    return left == 1 ? y + x[xi] * m[mi] : y;
  }

  /** Returns one of the last outputs, which are not grouped. */
  static double single(Product q, int output) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xi = q.xOffset();
    int mi = q.matrixOffset() + output;
    int xTerm = q.xTerm();
    int mTerm = q.matrixTerm();
    double y = 0.0;
    int left = q.k;
    if (q.outputs() < 4) {
      for (; left > q.k % 4; left -= 2) {
        y += x[xi] * m[mi] + x[xi + xTerm] * m[mi + mTerm];
        xi += 2 * xTerm;
        mi += 2 * mTerm;
      }
    }
    for (; left > 0; left--) {
      y += x[xi] * m[mi];
      xi += xTerm;
      mi += mTerm;
    }
    return y;
  }
}
