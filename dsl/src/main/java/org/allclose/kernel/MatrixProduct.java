package org.allclose.kernel;

import java.util.Arrays;

/** Matrix product in the general order: chains of fused multiply-adds in blocks of k. */
public final class MatrixProduct {
  private static final int BLOCK = 256;

  private MatrixProduct() {}

  /**
   * Computes {@code C = op(A) op(B)}, row-major.
   *
   * @param transposeA whether op(A) is the transpose of the array given
   * @param transposeB whether op(B) is the transpose of the array given
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   * @param a not modified
   * @param aOffset where A starts
   * @param lda distance between the rows of the array A
   * @param b not modified
   * @param bOffset where B starts
   * @param ldb distance between the rows of the array B
   * @param c modified: overwritten with the product
   * @param cOffset where C starts
   * @param ldc distance between the rows of C
   */
  public static void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      double[] a,
      int aOffset,
      int lda,
      double[] b,
      int bOffset,
      int ldb,
      double[] c,
      int cOffset,
      int ldc) {
    int aRow = transposeA ? 1 : lda;
    int aColumn = transposeA ? lda : 1;
    int bRow = transposeB ? 1 : ldb;
    int bColumn = transposeB ? ldb : 1;
    for (int i = 0; i < m; i++) {
      Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0.0);
    }
    for (int start = 0; start < k; ) {
      int length = blockLength(k - start);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0.0;
          for (int p = start; p < start + length; p++) {
            sum =
                Math.fma(
                    a[aOffset + i * aRow + p * aColumn], b[bOffset + p * bRow + j * bColumn], sum);
          }
          c[cOffset + i * ldc + j] += sum;
        }
      }
      start += length;
    }
  }

  private static int blockLength(int left) {
    if (left >= 2 * BLOCK) {
      return BLOCK;
    }
    return left > BLOCK ? (left / 2 + 3) / 4 * 4 : left;
  }
}
