package org.allclose.internal.kernel.product;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.PerThread;

/**
 * Matrix products in loops that C2 turns into vector code by itself.
 *
 * <p>The rows of a block of B are copied to arrays of their own, because C2 vectorises a loop only
 * if it walks all its arrays with the same index. Rows of sums take some terms at a time, four in
 * each pass, so that these terms' rows of B are found in the first-level cache again by the next
 * row of sums.
 */
final class ScalarProductKernel implements ProductKernel {
  /** The most terms of a block. */
  private static final int BLOCK = 256;

  /** Terms whose rows of B stay in the first-level cache. */
  private static final int TERMS = 32;

  /** Columns of B at a time. */
  private static final int WIDTH = 128;

  /** Rows of sums at a time. */
  private static final int ROWS = 64;

  private static final PerThread<Buffers> BUFFERS = new PerThread<>(Buffers::new);
  private static final ProductKernel REFERENCE = new ReferenceProductKernel();

  private static final class Buffers {
    final double[][] b = new double[BLOCK][WIDTH];
    final double[][] sums = new double[ROWS][WIDTH];
    final double[][] oddSums = new double[4][WIDTH];
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
      }
      // One of the ranges is 0 to 1.
      case VECTOR_ALONG_OUTPUTS ->
          ScalarAlongOutputs.multiply(q, fromRow + fromColumn, toRow + toColumn - 1);
      case VECTOR_ALONG_TERMS ->
          ScalarAlongTerms.multiply(q, fromRow + fromColumn, toRow + toColumn - 1);
      default -> {
        REFERENCE.multiply(q, fromRow, toRow, fromColumn, toColumn);
        return;
      }
    }
    q.epilogue.apply(q, fromRow, toRow, fromColumn, toColumn);
  }

  @Override
  public String toString() {
    return "scalar";
  }

  private static void general(
      Product q, Buffers buffers, int fromRow, int toRow, int column, int width) {
    boolean odd = q.isOddRow(toRow - 1);
    for (int start = 0, length; start < q.k; start += length) {
      length = q.blockLength(q.k - start);
      pack(q, buffers.b, start, length, column, width);
      for (int row = fromRow; row < toRow; row += ROWS) {
        int rows = Math.min(ROWS, toRow - row);
        sum(q, buffers, row, rows, start, length, width);
        if (odd && row + rows == toRow) {
          int chained = Math.min(width, q.n - q.n % 4 - column);
          oddRow(q, buffers, buffers.sums[rows - 1], start, length, chained);
        }
        for (int i = 0; i < rows; i++) {
          int c = q.cOffset + (row + i) * q.ldc + column;
          if (start == 0) {
            Arrays.fill(q.c, c, c + width, 0.0);
          }
          double[] s = buffers.sums[i];
          for (int j = 0; j < width; j++) {
            q.c[c + j] += s[j];
          }
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

  /** Sums some rows of a block in plain chains. */
  private static void sum(
      Product q, Buffers buffers, int row, int rows, int start, int length, int width) {
    for (int i = 0; i < rows; i++) {
      Arrays.fill(buffers.sums[i], 0, width, 0.0);
    }
    for (int p = 0; p < length; p += TERMS) {
      int terms = Math.min(TERMS, length - p);
      for (int i = 0; i < rows; i++) {
        int a = q.aOffset + (row + i) * q.aRow + (start + p) * q.aTerm;
        addTerms(q, a, buffers.sums[i], buffers.b, p, p + terms, width);
      }
    }
  }

  /** Adds the terms {@code from} to {@code to} of a block, of which the first is at {@code ai}. */
  private static void addTerms(
      Product q, int ai, double[] s, double[][] b, int from, int to, int width) {
    int t = ai;
    int p = from;
    for (; p + 4 <= to; p += 4) {
      addFour(q, t, s, b, p, width);
      t += 4 * q.aTerm;
    }
    for (; p < to; p++) {
      addOne(s, q.a[t], b[p], width);
      t += q.aTerm;
    }
  }

  /** Sums the first columns of the odd last row of a block in four chains. */
  private static void oddRow(
      Product q, Buffers buffers, double[] sums, int start, int length, int width) {
    double[][] s = buffers.oddSums;
    for (double[] chain : s) {
      Arrays.fill(chain, 0.0);
    }
    int a = q.aOffset + (q.m - 1) * q.aRow + start * q.aTerm;
    int chained = length - length % 8;
    for (int p = 0; p < length; p++) {
      addOne(s[p < chained ? p % 4 : 0], q.a[a + p * q.aTerm], buffers.b[p], Math.max(0, width));
    }
    for (int j = 0; j < width; j++) {
      sums[j] = (s[0][j] + s[1][j]) + (s[2][j] + s[3][j]);
    }
  }

  private static void addOne(double[] s, double x, double[] b, int width) {
    for (int j = 0; j < width; j++) {
      s[j] = Math.fma(x, b[j], s[j]);
    }
  }

  private static void addFour(Product q, int ai, double[] s, double[][] b, int p, int width) {
    double x0 = q.a[ai];
    double x1 = q.a[ai + q.aTerm];
    double x2 = q.a[ai + 2 * q.aTerm];
    double x3 = q.a[ai + 3 * q.aTerm];
    double[] b0 = b[p];
    double[] b1 = b[p + 1];
    double[] b2 = b[p + 2];
    double[] b3 = b[p + 3];
    for (int j = 0; j < width; j++) {
      double two = Math.fma(x1, b1[j], Math.fma(x0, b0[j], s[j]));
      s[j] = Math.fma(x3, b3[j], Math.fma(x2, b2[j], two));
    }
  }
}
