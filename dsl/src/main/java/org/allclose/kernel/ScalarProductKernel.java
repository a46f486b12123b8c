package org.allclose.kernel;

import java.util.Arrays;

/**
 * Matrix products in loops that C2 turns into vector code by itself.
 *
 * <p>The rows of a block of B are copied to arrays of their own, because C2 vectorises a loop only
 * if it walks all its arrays with the same index. A row of sums stays in the first-level cache
 * while the terms pass by, four at a time.
 */
final class ScalarProductKernel implements ProductKernel {
  private static final int BLOCK = 256;

  /** Columns of B at a time. */
  private static final int WIDTH = 256;

  private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);
  private static final ProductKernel REFERENCE = new ReferenceProductKernel();

  private static final class Buffers {
    final double[][] b = new double[BLOCK][WIDTH];
    final double[][] sums = new double[4][WIDTH];
  }

  @Override
  public void multiply(Product q, int fromRow, int toRow, int fromColumn, int toColumn) {
    if (q.k == 0) {
      REFERENCE.multiply(q, fromRow, toRow, fromColumn, toColumn);
      return;
    }
    switch (q.form) {
      case GENERAL, SYMMETRIC -> {
        Buffers buffers = BUFFERS.get();
        for (int j = fromColumn; j < toColumn; j += WIDTH) {
          general(q, buffers, fromRow, toRow, j, Math.min(WIDTH, toColumn - j));
        }
        q.epilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
      }
      default -> REFERENCE.multiply(q, fromRow, toRow, fromColumn, toColumn);
    }
  }

  private static void general(Product q, Buffers buffers, int from, int to, int column, int width) {
    int length;
    for (int start = 0; start < q.k; start += length) {
      length = q.blockLength(q.k - start);
      pack(q, buffers.b, start, length, column, width);
      for (int i = from; i < to; i++) {
        int a = q.aOffset + i * q.aRow + start * q.aTerm;
        int fourChains = q.isOddRow(i) ? Math.min(width, q.n - q.n % 4 - column) : 0;
        row(q.a, a, q.aTerm, buffers, length, width);
        double[] s = buffers.sums[0];
        if (fourChains > 0) {
          System.arraycopy(s, 0, buffers.sums[3], 0, width);
          oddRow(q.a, a, q.aTerm, buffers, length, fourChains);
          s = buffers.sums[3];
        }
        int c = q.cOffset + i * q.ldc + column;
        if (start == 0) {
          Arrays.fill(q.c, c, c + width, 0.0);
        }
        for (int j = 0; j < width; j++) {
          q.c[c + j] += s[j];
        }
      }
    }
  }

  private static void pack(
      Product q, double[][] packed, int start, int length, int column, int width) {
    int b = q.bOffset + start * q.bTerm + column * q.bColumn;
    if (q.bColumn == 1) {
      for (int p = 0; p < length; p++) {
        System.arraycopy(q.b, b + p * q.bTerm, packed[p], 0, width);
      }
      return;
    }
    for (int p = 0; p < length; p++) {
      double[] row = packed[p];
      for (int j = 0; j < width; j++) {
        row[j] = q.b[b + p * q.bTerm + j * q.bColumn];
      }
    }
  }

  /** Sums a row of a block in plain chains. */
  private static void row(double[] a, int ai, int aTerm, Buffers buffers, int length, int width) {
    double[][] b = buffers.b;
    double[] s = buffers.sums[0];
    Arrays.fill(s, 0, width, 0.0);
    int p = 0;
    for (; p + 4 <= length; p += 4) {
      int t = ai + p * aTerm;
      double a0 = a[t];
      double a1 = a[t + aTerm];
      double a2 = a[t + 2 * aTerm];
      double a3 = a[t + 3 * aTerm];
      addFour(s, a0, b[p], a1, b[p + 1], a2, b[p + 2], a3, b[p + 3], width);
    }
    for (; p < length; p++) {
      add(s, a[ai + p * aTerm], b[p], width);
    }
  }

  /** Sums the odd last row of a block in four chains. */
  private static void oddRow(
      double[] a, int ai, int aTerm, Buffers buffers, int length, int width) {
    double[][] sums = buffers.sums;
    double[] result = sums[3];
    double[][] b = buffers.b;
    double[][] s = new double[4][width];
    int chained = length - length % 8;
    for (int p = 0; p < length; p++) {
      add(s[p < chained ? p % 4 : 0], a[ai + p * aTerm], b[p], width);
    }
    for (int j = 0; j < width; j++) {
      result[j] = (s[0][j] + s[1][j]) + (s[2][j] + s[3][j]);
    }
  }

  private static void add(double[] s, double x, double[] b, int width) {
    for (int j = 0; j < width; j++) {
      s[j] = Math.fma(x, b[j], s[j]);
    }
  }

  private static void addFour(
      double[] s,
      double x0,
      double[] b0,
      double x1,
      double[] b1,
      double x2,
      double[] b2,
      double x3,
      double[] b3,
      int width) {
    for (int j = 0; j < width; j++) {
      s[j] =
          Math.fma(x3, b3[j], Math.fma(x2, b2[j], Math.fma(x1, b1[j], Math.fma(x0, b0[j], s[j]))));
    }
  }

  @Override
  public String toString() {
    return "scalar";
  }
}
