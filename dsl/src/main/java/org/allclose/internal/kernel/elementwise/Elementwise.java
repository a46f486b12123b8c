package org.allclose.internal.kernel.elementwise;

import org.apache.commons.math3.random.RandomGenerator;

/**
 * Passes over arrays, element by element, each with the bits of the numpy expression it names.
 *
 * <p>Every operation is rounded on its own, as numpy's are: nothing is fused into a multiply-add.
 * An output may be an input itself. Nothing is allocated.
 */
public final class Elementwise {
  /** Rows and columns that are transposed at a time. */
  private static final int TILE = 32;

  private Elementwise() {}

  /** Adds a row to each row of a matrix: {@code matrix + row}. */
  public static void addRow(double[] matrix, double[] row, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      ElementwiseKernel.CHOSEN.addRow(matrix, i * columns, row, columns);
    }
  }

  /**
   * Adds a row to each row of a matrix and rectifies: {@code v = matrix + row; v * (v > 0)}.
   *
   * @param matrix modified
   */
  public static void addRowRelu(double[] matrix, double[] row, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      ElementwiseKernel.CHOSEN.addRowRelu(matrix, i * columns, row, columns);
    }
  }

  /**
   * Computes {@code y = x * (x > 0)}: 0.0 times a negative x is -0.0, times -infinity NaN.
   *
   * @param y modified
   */
  public static void relu(double[] x, double[] y, int n) {
    ElementwiseKernel.CHOSEN.relu(x, 0, y, 0, n);
  }

  /**
   * Computes {@code dx = dout * (y > 0)}: 0.0 times a negative dout is -0.0, times an infinity NaN.
   *
   * @param y the output of {@link #relu}, or its input: they are positive at the same places
   * @param dx modified
   */
  public static void reluGradient(double[] dout, double[] y, double[] dx, int n) {
    ElementwiseKernel.CHOSEN.reluGradient(dout, y, dx, 0, n);
  }

  /**
   * Computes {@link #reluGradient(double[], double[], double[], int)} for the elements {@code from}
   * to {@code to}, so that threads can share the work.
   *
   * @param dx modified
   */
  public static void reluGradient(double[] dout, double[] y, double[] dx, int from, int to) {
    ElementwiseKernel.CHOSEN.reluGradient(dout, y, dx, from, to);
  }

  /**
   * Computes {@code y = y + factor * x}: with the L2 strength as factor {@code dW += l2 * W}.
   *
   * @param y modified
   */
  public static void addScaled(double[] y, double factor, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += factor * x[i];
    }
  }

  /**
   * Computes {@code y = y - factor * x}: with the learning rate as factor the SGD step {@code w -=
   * learningRate * dw}.
   *
   * @param y modified
   */
  public static void subtractScaled(double[] y, double factor, double[] x, int n) {
    for (int i = 0; i < n; i++) {
      y[i] -= factor * x[i];
    }
  }

  /**
   * Computes the step of SGD with momentum: {@code v = momentum * v - learningRate * dw; w += v}.
   *
   * <p>Source: cs231n {@code sgd_momentum}.
   *
   * @param w modified
   * @param v modified
   */
  public static void momentumStep(
      double[] w, double[] v, double momentum, double learningRate, double[] dw, int n) {
    for (int i = 0; i < n; i++) {
      v[i] = momentum * v[i] - learningRate * dw[i];
      w[i] += v[i];
    }
  }

  /**
   * Computes {@code sum = a + b}.
   *
   * @param sum modified; may be one of the others
   */
  public static void add(double[] a, double[] b, double[] sum, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] = a[i] + b[i];
    }
  }

  /**
   * Computes {@code product = a * b}.
   *
   * @param product modified; may be one of the others
   */
  public static void multiply(double[] a, double[] b, double[] product, int n) {
    for (int i = 0; i < n; i++) {
      product[i] = a[i] * b[i];
    }
  }

  /**
   * Computes {@code product = factor * x}.
   *
   * @param product modified; may be x
   */
  public static void scale(double[] x, double factor, double[] product, int n) {
    for (int i = 0; i < n; i++) {
      product[i] = x[i] * factor;
    }
  }

  /**
   * Transposes a matrix, in tiles that stay in the cache.
   *
   * @param x (rows, columns); not modified
   * @param transposed (columns, rows), another array than x; modified
   */
  public static void transpose(double[] x, int rows, int columns, double[] transposed) {
    transpose(x, 0, rows, columns, transposed);
  }

  /**
   * Transposes a matrix that is a part of an array, into the same part of another one.
   *
   * @param x not modified
   * @param offset where the matrix starts
   * @param transposed modified
   */
  public static void transpose(double[] x, int offset, int rows, int columns, double[] transposed) {
    for (int fromRow = 0; fromRow < rows; fromRow += TILE) {
      int toRow = Math.min(rows, fromRow + TILE);
      for (int fromColumn = 0; fromColumn < columns; fromColumn += TILE) {
        int toColumn = Math.min(columns, fromColumn + TILE);
        for (int i = fromRow; i < toRow; i++) {
          for (int j = fromColumn; j < toColumn; j++) {
            transposed[offset + j * rows + i] = x[offset + i * columns + j];
          }
        }
      }
    }
  }

  /** Computes {@code difference = a - b}. */
  public static void subtract(double[] a, double[] b, double[] difference, int n) {
    for (int i = 0; i < n; i++) {
      difference[i] = a[i] - b[i];
    }
  }

  /** Computes {@code y = -x}. */
  public static void negate(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -x[i];
    }
  }

  /** Computes {@code x = x / divisor}. */
  public static void divide(double[] x, double divisor, int n) {
    for (int i = 0; i < n; i++) {
      x[i] /= divisor;
    }
  }

  /** Draws {@code mask = (rand(n) < keep) / keep}. */
  public static void dropoutMask(RandomGenerator random, double keep, double[] mask, int n) {
    for (int i = 0; i < n; i++) {
      mask[i] = (random.nextDouble() < keep ? 1.0 : 0.0) / keep;
    }
  }
}
