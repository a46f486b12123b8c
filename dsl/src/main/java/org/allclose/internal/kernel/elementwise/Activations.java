package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * Activations and their gradients, element by element, each operation rounded as in the reference's
 * numpy expression, which stands at each method.
 *
 * <p>n is the number of elements; x is the input, y the output, dout the gradient with respect to
 * y; only the last array is modified.
 */
public final class Activations {
  private static final double SQRT_HALF = Math.sqrt(0.5);
  private static final double SQRT_2_BY_PI = Math.sqrt(2 / Math.PI);
  private static final double DENSITY = 1 / Math.sqrt(2 * Math.PI);
  private static final double CUBIC = 0.044715;

  private Activations() {}

  /** Computes {@code where(x > 0, x, alpha * x)}. */
  public static void leakyRelu(double[] x, double alpha, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] > 0 ? x[i] : alpha * x[i];
    }
  }

  /** Computes {@code where(x > 0, dout, alpha * dout)}. */
  public static void leakyReluGradient(
      double[] dout, double[] x, double alpha, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] > 0 ? dout[i] : alpha * dout[i];
    }
  }

  /** Computes {@code where(x > 0, scale * x, alpha * scale * expm1(x * inner))}. */
  public static void elu(double[] x, double alpha, double scale, double inner, double[] y, int n) {
    double limit = alpha * scale;
    for (int i = 0; i < n; i++) {
      y[i] = x[i] > 0 ? scale * x[i] : limit * ElementaryFunctions.expm1(x[i] * inner);
    }
  }

  /**
   * Computes {@code where(x > 0, dout * scale, dout * (inner * (y + alpha * scale)))}, y being the
   * output.
   */
  public static void eluGradient(
      double[] dout,
      double[] x,
      double[] y,
      double alpha,
      double scale,
      double inner,
      double[] dx,
      int n) {
    double limit = alpha * scale;
    for (int i = 0; i < n; i++) {
      dx[i] = x[i] > 0 ? dout[i] * scale : dout[i] * (inner * (y[i] + limit));
    }
  }

  /** Computes {@code z = exp(-|x|); where(x >= 0, 1, z) / (1 + z)}. */
  public static void sigmoid(double[] x, double[] y, int n) {
    negativeMagnitudes(x, y, n);
    ElementaryFunctions.exp(y, 0, y, 0, n);
    for (int i = 0; i < n; i++) {
      y[i] = (x[i] >= 0 ? 1.0 : y[i]) / (1 + y[i]);
    }
  }

  /** Computes {@code dout * (y * (1 - y))}. */
  public static void sigmoidGradient(double[] dout, double[] y, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * (y[i] * (1 - y[i]));
    }
  }

  /** Computes {@code tanh(x)}. */
  public static void tanh(double[] x, double[] y, int n) {
    ElementaryFunctions.tanh(x, 0, y, 0, n);
  }

  /** Computes {@code dout * (1 - y * y)}. */
  public static void tanhGradient(double[] dout, double[] y, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * (1 - y[i] * y[i]);
    }
  }

  /** Computes {@code log1p(exp(-|x|)) + where(x > 0, x, 0)}. */
  public static void softplus(double[] x, double[] y, int n) {
    negativeMagnitudes(x, y, n);
    ElementaryFunctions.exp(y, 0, y, 0, n);
    ElementaryFunctions.log1p(y, 0, y, 0, n);
    for (int i = 0; i < n; i++) {
      y[i] += x[i] > 0 ? x[i] : 0.0;
    }
  }

  /** Computes {@code 0.5 * x * (1 + erf(x * sqrt(0.5)))}. */
  public static void gelu(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 0.5 * x[i] * (1 + ElementaryFunctions.erf(x[i] * SQRT_HALF));
    }
  }

  /**
   * Computes {@code dout * (0.5 * (1 + erf(x * sqrt(0.5))) + x * (exp(-0.5 * (x * x)) / sqrt(2
   * pi)))}, with the constant as a factor.
   */
  public static void geluGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      double v = x[i];
      double density = DENSITY * ElementaryFunctions.exp(-0.5 * (v * v));
      dx[i] = dout[i] * (0.5 * (1 + ElementaryFunctions.erf(v * SQRT_HALF)) + v * density);
    }
  }

  /** Computes {@code tanh(sqrt(2 / pi) * (x + 0.044715 * (x * x * x)))}. */
  public static void geluTangent(double[] x, double[] tangent, int n) {
    for (int i = 0; i < n; i++) {
      double v = x[i];
      tangent[i] = SQRT_2_BY_PI * (v + CUBIC * (v * v * v));
    }
    ElementaryFunctions.tanh(tangent, 0, tangent, 0, n);
  }

  /** Returns the derivative of what the {@link #geluTangent} is the hyperbolic tangent of. */
  public static double geluTanhSlope(double x) {
    return SQRT_2_BY_PI * (1 + 3 * CUBIC * (x * x));
  }

  /** Computes {@code 0.5 * x * (1 + t)}, t being the {@link #geluTangent}. */
  public static void geluTanh(double[] x, double[] tangent, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 0.5 * x[i] * (1 + tangent[i]);
    }
  }

  /**
   * Computes {@code dout * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * (sqrt(2 / pi) * (1 + 3 *
   * 0.044715 * (x * x))))}, t being the {@link #geluTangent}.
   */
  public static void geluTanhGradient(
      double[] dout, double[] x, double[] tangent, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      double v = x[i];
      double t = tangent[i];
      double slope = geluTanhSlope(v);
      dx[i] = dout[i] * (0.5 * (1 + t) + 0.5 * v * (1 - t * t) * slope);
    }
  }

  /**
   * Computes the gradient of softmax over each row: {@code y * (dout - sum(dout * y))}.
   *
   * @param products as long as y; modified
   */
  public static void softmaxGradient(
      double[] dout, double[] y, int rows, int columns, double[] products, double[] dx) {
    for (int row = 0; row < rows; row++) {
      softmaxGradientOfRow(dout, y, row * columns, columns, products, dx);
    }
  }

  /** Computes the same of one row, which begins at an offset in all arrays. */
  public static void softmaxGradientOfRow(
      double[] dout, double[] y, int offset, int columns, double[] products, double[] dx) {
    for (int j = offset; j < offset + columns; j++) {
      products[j] = dout[j] * y[j];
    }
    double sum = Sums.of(products, offset, columns);
    for (int j = offset; j < offset + columns; j++) {
      dx[j] = y[j] * (dout[j] - sum);
    }
  }

  private static void negativeMagnitudes(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -Math.abs(x[i]);
    }
  }
}
