package org.allclose.internal.kernel.product;

/** Products of a vector and a matrix whose terms lie side by side, in scalar loops. */
final class ScalarAlongTerms {
  /** Terms of a piece of a sum. */
  static final int PIECE = 2048;

  private ScalarAlongTerms() {}

  /**
   * Computes outputs {@code from} to {@code to}.
   *
   * @param from an even number
   * @param to an even number, or the number of all outputs
   */
  static void multiply(Product q, int from, int to) {
    int grouped = q.outputs() - q.outputs() % 4;
    int end = Math.min(to, grouped);
    int j = from;
    for (; j + 2 <= end; j += 2) {
      twoOutputs(q, j);
    }
    for (; j < to; j++) {
      q.c[q.cOffset + j * q.outputStride()] = single(q, j);
    }
  }

  /** Computes two outputs with four chains at the same time: one alone would wait for itself. */
  private static void twoOutputs(Product q, int output) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xTerm = q.xTerm();
    int row = q.matrixOutput();
    int mi = q.matrixOffset() + output * row;
    int chained = q.k - q.k % 4;
    double y0 = 0.0;
    double y1 = 0.0;
    for (int p = 0; p < chained; p += PIECE) {
      double s0 = 0.0;
      double s1 = 0.0;
      double s2 = 0.0;
      double s3 = 0.0;
      double t0 = 0.0;
      double t1 = 0.0;
      double t2 = 0.0;
      double t3 = 0.0;
      int i = q.xOffset() + p * xTerm;
      int end = mi + Math.min(p + PIECE, chained);
      for (int j = mi + p; j < end; j += 4) {
        double x0 = x[i];
        double x1 = x[i + xTerm];
        double x2 = x[i + 2 * xTerm];
        double x3 = x[i + 3 * xTerm];
        s0 = Math.fma(x0, m[j], s0);
        s1 = Math.fma(x1, m[j + 1], s1);
        s2 = Math.fma(x2, m[j + 2], s2);
        s3 = Math.fma(x3, m[j + 3], s3);
        t0 = Math.fma(x0, m[j + row], t0);
        t1 = Math.fma(x1, m[j + row + 1], t1);
        t2 = Math.fma(x2, m[j + row + 2], t2);
        t3 = Math.fma(x3, m[j + row + 3], t3);
        i += 4 * xTerm;
      }
      y0 += (s0 + s2) + (s1 + s3);
      y1 += (t0 + t2) + (t1 + t3);
    }
    int yi = q.cOffset + output * q.outputStride();
    q.c[yi] = lastTerms(q, mi, chained, y0);
    q.c[yi + q.outputStride()] = lastTerms(q, mi + row, chained, y1);
  }

  /** Returns one of the last outputs, which are not grouped by four. */
  private static double single(Product q, int output) {
    int outputs = q.outputs();
    int grouped = outputs - outputs % 4;
    int mi = q.matrixOffset() + output * q.matrixOutput();
    int chained = q.k - q.k % 4;
    double y = 0.0;
    for (int p = 0; p < chained; p += PIECE) {
      int end = Math.min(p + PIECE, chained);
      if (outputs - grouped >= 2 && output - grouped < 2) {
        y += two(q, mi, p, end);
      } else {
        y += four(q, mi, p, end);
      }
    }
    return lastTerms(q, mi, chained, y);
  }

  /** Adds the terms after the last multiple of 4, none to three. */
  static double lastTerms(Product q, int mi, int chained, double y) {
    double[] x = q.x();
    double[] m = q.matrix();
    int i = q.xOffset() + chained * q.xTerm();
    int j = mi + chained;
    return switch (q.k - chained) {
      case 1 -> Math.fma(m[j], x[i], y);
      case 2 -> y + Math.fma(m[j], x[i], m[j + 1] * x[i + q.xTerm()]);
      case 3 -> {
        double two = Math.fma(m[j], x[i], m[j + 1] * x[i + q.xTerm()]);
        yield y + Math.fma(m[j + 2], x[i + 2 * q.xTerm()], two);
      }
      default -> y;
    };
  }

  private static double four(Product q, int mi, int from, int to) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xTerm = q.xTerm();
    int i = q.xOffset() + from * xTerm;
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    for (int j = mi + from; j < mi + to; j += 4) {
      s0 += x[i] * m[j];
      s1 += x[i + xTerm] * m[j + 1];
      s2 += x[i + 2 * xTerm] * m[j + 2];
      s3 += x[i + 3 * xTerm] * m[j + 3];
      i += 4 * xTerm;
    }
    return (s0 + s2) + (s1 + s3);
  }

  private static double two(Product q, int mi, int from, int to) {
    double[] x = q.x();
    double[] m = q.matrix();
    int xTerm = q.xTerm();
    int i = q.xOffset() + from * xTerm;
    double s0 = 0.0;
    double s1 = 0.0;
    for (int j = mi + from; j < mi + to; j += 2) {
      s0 += x[i] * m[j];
      s1 += x[i + xTerm] * m[j + 1];
      i += 2 * xTerm;
    }
    return s0 + s1;
  }
}
