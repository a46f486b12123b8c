package org.allclose.internal.kernel.reduce;

import java.util.Arrays;

/** Plain loops, written so that the JIT compiler can vectorise them. */
final class ScalarSumKernel implements SumKernel {

  @Override
  public void sumOverRows(double[] matrix, int rows, int columns, double[] sum) {
    Arrays.fill(sum, 0, columns, 0.0);
    for (int i = 0; i < rows; i++) {
      int start = i * columns;
      for (int j = 0; j < columns; j++) {
        sum[j] += matrix[start + j];
      }
    }
  }

  @Override
  public void squaredDeviationsOverRows(
      double[] matrix, int rows, int columns, double[] center, double[] sum) {
    Arrays.fill(sum, 0, columns, 0.0);
    for (int i = 0; i < rows; i++) {
      int start = i * columns;
      for (int j = 0; j < columns; j++) {
        sum[j] += square(matrix[start + j] - center[j]);
      }
    }
  }

  @Override
  public double sumOfBlock(double[] x, int offset, int n) {
    double r0 = x[offset];
    double r1 = x[offset + 1];
    double r2 = x[offset + 2];
    double r3 = x[offset + 3];
    double r4 = x[offset + 4];
    double r5 = x[offset + 5];
    double r6 = x[offset + 6];
    double r7 = x[offset + 7];
    int end = offset + n;
    int i = offset + 8;
    for (; i <= end - 8; i += 8) {
      r0 += x[i];
      r1 += x[i + 1];
      r2 += x[i + 2];
      r3 += x[i + 3];
      r4 += x[i + 4];
      r5 += x[i + 5];
      r6 += x[i + 6];
      r7 += x[i + 7];
    }
    double sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7));
    for (; i < end; i++) {
      sum += x[i];
    }
    return sum;
  }

  @Override
  public double squaredDeviationsOfBlock(double[] x, int offset, int n, double center) {
    double r0 = square(x[offset] - center);
    double r1 = square(x[offset + 1] - center);
    double r2 = square(x[offset + 2] - center);
    double r3 = square(x[offset + 3] - center);
    double r4 = square(x[offset + 4] - center);
    double r5 = square(x[offset + 5] - center);
    double r6 = square(x[offset + 6] - center);
    double r7 = square(x[offset + 7] - center);
    int end = offset + n;
    int i = offset + 8;
    for (; i <= end - 8; i += 8) {
      r0 += square(x[i] - center);
      r1 += square(x[i + 1] - center);
      r2 += square(x[i + 2] - center);
      r3 += square(x[i + 3] - center);
      r4 += square(x[i + 4] - center);
      r5 += square(x[i + 5] - center);
      r6 += square(x[i + 6] - center);
      r7 += square(x[i + 7] - center);
    }
    double sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7));
    for (; i < end; i++) {
      sum += square(x[i] - center);
    }
    return sum;
  }

  private static double square(double x) {
    return x * x;
  }
}
