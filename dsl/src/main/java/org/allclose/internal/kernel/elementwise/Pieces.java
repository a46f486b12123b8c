package org.allclose.internal.kernel.elementwise;

/**
 * Functions of straight pieces and their gradients, element by element, each operation rounded as
 * in the reference's numpy expression, which stands at each method; {@code clip(x, low, high)} is
 * {@code where(x < low, low, where(x > high, high, x))}, so that NaN and -0.0 stay.
 *
 * <p>n is the number of elements; x is the input, y the output, dout the gradient with respect to
 * y; only the last array is modified.
 */
public final class Pieces {
  private Pieces() {}

  /** Computes {@code clip(x, low, high)}. */
  public static void clip(double[] x, double low, double high, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = clip(x[i], low, high);
    }
  }

  /** Computes {@code where((x > low) & (x < high), dout, 0)}. */
  public static void clipGradient(
      double[] dout, double[] x, double low, double high, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] > low && x[i] < high ? dout[i] : 0.0;
    }
  }

  /** Computes {@code where((x >= low) & (x <= high), dout, 0)}. */
  public static void clampGradient(
      double[] dout, double[] x, double low, double high, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] >= low && x[i] <= high ? dout[i] : 0.0;
    }
  }

  /** Computes {@code clip(x + 3, 0, 6) / 6}. */
  public static void hardSigmoid(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = clip(x[i] + 3, 0, 6) / 6;
    }
  }

  /** Computes {@code where((x > -3) & (x < 3), dout / 6, 0)}. */
  public static void hardSigmoidGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] > -3 && x[i] < 3 ? dout[i] / 6 : 0.0;
    }
  }

  /** Computes {@code x * clip(x + 3, 0, 6) / 6}. */
  public static void hardSwish(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * clip(x[i] + 3, 0, 6) / 6;
    }
  }

  /** Computes {@code where(x <= -3, 0, where(x < 3, dout * (x / 3 + 0.5), dout))}. */
  public static void hardSwishGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] <= -3 ? 0.0 : x[i] < 3 ? dout[i] * (x[i] / 3 + 0.5) : dout[i];
    }
  }

  /** Computes {@code where(sign > 0, x, alpha * x)}, with one alpha a group. */
  public static void scaleNotPositive(
      double[] x, double[] sign, int outer, int groups, int inner, double[] alpha, double[] y) {
    for (int row = 0, k = 0; row < outer * groups; row++) {
      double a = alpha[row % groups];
      for (int i = 0; i < inner; i++, k++) {
        y[k] = sign[k] > 0 ? x[k] : a * x[k];
      }
    }
  }

  /** Computes {@code where(sign > 0, 0, a * b)}. */
  public static void multiplyNotPositive(
      double[] a, double[] b, double[] sign, double[] product, int n) {
    for (int i = 0; i < n; i++) {
      product[i] = sign[i] > 0 ? 0.0 : a[i] * b[i];
    }
  }

  private static double clip(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
  }
}
