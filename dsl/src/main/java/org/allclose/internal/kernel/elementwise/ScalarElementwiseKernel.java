package org.allclose.internal.kernel.elementwise;

/** Plain loops, written so that the JIT compiler can vectorise them. */
final class ScalarElementwiseKernel implements ElementwiseKernel {

  @Override
  public void relu(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = relu(x[xOffset + i]);
    }
  }

  @Override
  public void reluGradient(double[] dout, double[] y, double[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dout[i] * mask(y[i]);
    }
  }

  @Override
  public void addRow(double[] x, int xOffset, double[] row, int n) {
    for (int i = 0; i < n; i++) {
      x[xOffset + i] += row[i];
    }
  }

  @Override
  public void addRowRelu(double[] x, int xOffset, double[] row, int n) {
    for (int i = 0; i < n; i++) {
      x[xOffset + i] = relu(x[xOffset + i] + row[i]);
    }
  }

  /**
   * {@code x * (x > 0)} without a branch, so that the loop around it becomes SIMD code: for x above
   * 0, {@code x + 0 * 0}; else {@code -0.0 + x * 0}, or {@code 0.0 + 0.0} for 0.0.
   */
  private static double relu(double x) {
    return Math.max(x, -0.0) + Math.min(x, 0.0) * 0.0;
  }

  /** 1 where y is above 0, else 0; chosen among integers, for which there is a branch-free move. */
  private static double mask(double y) {
    return Double.longBitsToDouble(y > 0 ? 0x3ff0000000000000L : 0L);
  }
}
