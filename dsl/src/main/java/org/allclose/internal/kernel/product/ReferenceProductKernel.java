package org.allclose.internal.kernel.product;

/** The rule of {@link ProductKernel}, written down plainly, element by element. */
final class ReferenceProductKernel implements ProductKernel {
  /** Terms of a piece of a vector product along terms. */
  private static final int PIECE = 2048;

  @Override
  public void multiply(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    for (int i = fromRow; i < toRow; i++) {
      for (int j = fromColumn; j < toColumn; j++) {
        q.c[q.cOffset + i * q.ldc + j] = q.epilogue.apply(element(q, i, j), i, j);
      }
    }
  }

  private static double element(Product q, int i, int j) {
    if (q.k == 0) {
      return 0.0;
    }
    return switch (q.form) {
      case SINGLE -> q.a[q.aOffset] * q.b[q.bOffset];
      case SCALED -> scaled(q, i + j);
      case INNER -> inner(q);
      case VECTOR_ALONG_OUTPUTS -> alongOutputs(q, i + j);
      case VECTOR_ALONG_TERMS -> alongTerms(q, i + j);
      case GENERAL, SYMMETRIC -> blocks(q, i, j);
    };
  }

  private static double scaled(Product q, int output) {
    double factor = q.x()[q.xOffset()];
    double value = q.matrix()[q.matrixOffset() + output * q.matrixOutput()];
    if (factor == 0) {
      return 0.0;
    }
    boolean fused = output < q.outputs() - q.outputs() % 16;
    return fused ? Math.fma(factor, value, 0.0) : factor * value + 0.0;
  }

  private static double inner(Product q) {
    int chained = q.k - q.k % 16;
    double sum = 0.0;
    if (chained > 0) {
      double[] s = new double[16];
      for (int p = 0; p < chained; p++) {
        s[p % 16] = Math.fma(a(q, 0, p), b(q, p, 0), s[p % 16]);
      }
      double even = ((s[0] + s[2]) + (s[4] + s[6])) + ((s[8] + s[10]) + (s[12] + s[14]));
      double odd = ((s[1] + s[3]) + (s[5] + s[7])) + ((s[9] + s[11]) + (s[13] + s[15]));
      sum = even + odd;
    }
    for (int p = chained; p < q.k; p++) {
      sum += a(q, 0, p) * b(q, p, 0);
    }
    return sum + 0.0;
  }

  private static double alongOutputs(Product q, int output) {
    int outputs = q.outputs();
    double y = 0.0;
    int p = 0;
    if (output < outputs - outputs % 4) {
      for (; p + 4 <= q.k; p += 4) {
        double even = Math.fma(x(q, p + 2), m(q, output, p + 2), x(q, p) * m(q, output, p));
        double odd = Math.fma(x(q, p + 3), m(q, output, p + 3), x(q, p + 1) * m(q, output, p + 1));
        y += even + odd;
      }
      if (p + 2 <= q.k) {
        y += x(q, p) * m(q, output, p) + x(q, p + 1) * m(q, output, p + 1);
        p += 2;
      }
    } else if (outputs < 4) {
      for (; p < q.k - q.k % 4; p += 2) {
        y += x(q, p) * m(q, output, p) + x(q, p + 1) * m(q, output, p + 1);
      }
    }
    for (; p < q.k; p++) {
      y += x(q, p) * m(q, output, p);
    }
    return y;
  }

  private static double alongTerms(Product q, int output) {
    int outputs = q.outputs();
    int grouped = outputs - outputs % 4;
    boolean pair = outputs % 4 >= 2 && output - grouped < 2;
    int p = q.k - q.k % 4;
    double y = 0.0;
    for (int start = 0; start < p; start += PIECE) {
      int end = Math.min(start + PIECE, p);
      if (output < grouped) {
        y += fourFused(q, output, start, end);
      } else if (pair) {
        y += two(q, output, start, end);
      } else {
        y += four(q, output, start, end);
      }
    }
    return switch (q.k - p) {
      case 1 -> Math.fma(m(q, output, p), x(q, p), y);
      case 2 -> y + Math.fma(m(q, output, p), x(q, p), m(q, output, p + 1) * x(q, p + 1));
      case 3 -> {
        double two = Math.fma(m(q, output, p), x(q, p), m(q, output, p + 1) * x(q, p + 1));
        yield y + Math.fma(m(q, output, p + 2), x(q, p + 2), two);
      }
      default -> y;
    };
  }

  private static double fourFused(Product q, int output, int start, int end) {
    double[] s = new double[4];
    for (int p = start; p < end; p++) {
      s[p % 4] = Math.fma(x(q, p), m(q, output, p), s[p % 4]);
    }
    return (s[0] + s[2]) + (s[1] + s[3]);
  }

  private static double four(Product q, int output, int start, int end) {
    double[] s = new double[4];
    for (int p = start; p < end; p++) {
      s[p % 4] += x(q, p) * m(q, output, p);
    }
    return (s[0] + s[2]) + (s[1] + s[3]);
  }

  private static double two(Product q, int output, int start, int end) {
    double[] s = new double[2];
    for (int p = start; p < end; p++) {
      s[p % 2] += x(q, p) * m(q, output, p);
    }
    return s[0] + s[1];
  }

  private static double blocks(Product q, int i, int j) {
    boolean fourChains = q.isOddRow(i) && j < q.n - q.n % 4;
    double sum = 0.0;
    int length;
    for (int start = 0; start < q.k; start += length) {
      length = q.blockLength(q.k - start);
      sum += fourChains ? oddBlock(q, i, j, start, length) : block(q, i, j, start, length);
    }
    return sum;
  }

  private static double block(Product q, int i, int j, int start, int length) {
    double s = 0.0;
    for (int p = start; p < start + length; p++) {
      s = Math.fma(a(q, i, p), b(q, p, j), s);
    }
    return s;
  }

  private static double oddBlock(Product q, int i, int j, int start, int length) {
    double[] s = new double[4];
    int chained = length - length % 8;
    for (int p = 0; p < length; p++) {
      int chain = p < chained ? p % 4 : 0;
      s[chain] = Math.fma(a(q, i, start + p), b(q, start + p, j), s[chain]);
    }
    return (s[0] + s[1]) + (s[2] + s[3]);
  }

  private static double a(Product q, int i, int p) {
    return q.a[q.aOffset + i * q.aRow + p * q.aTerm];
  }

  private static double b(Product q, int p, int j) {
    return q.b[q.bOffset + p * q.bTerm + j * q.bColumn];
  }

  private static double x(Product q, int p) {
    return q.x()[q.xOffset() + p * q.xTerm()];
  }

  private static double m(Product q, int output, int p) {
    return q.matrix()[q.matrixOffset() + output * q.matrixOutput() + p * q.matrixTerm()];
  }

  @Override
  public String toString() {
    return "reference";
  }
}
