package org.allclose.kernel;

/** Passes over arrays, element by element. */
public final class Elementwise {
  private Elementwise() {}

  /** Adds a row to each row of a matrix. */
  public static void addRow(double[] matrix, double[] row, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      int start = i * columns;
      for (int j = 0; j < columns; j++) {
        matrix[start + j] += row[j];
      }
    }
  }

  /** Computes {@code y = x * (x > 0)} with numpy's signed zeros and NaN. */
  public static void relu(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * (x[i] > 0 ? 1.0 : 0.0);
    }
  }

  /** Computes {@code dx = dout * (y > 0)}. */
  public static void reluGradient(double[] dout, double[] y, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * (y[i] > 0 ? 1.0 : 0.0);
    }
  }

  /** Computes {@code y = y + factor * x}, each operation rounded. */
  public static void addScaled(double[] y, double factor, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += factor * x[i];
    }
  }
}
