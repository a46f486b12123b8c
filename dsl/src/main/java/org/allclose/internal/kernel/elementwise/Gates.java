package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Activations that are made of the logistic function and its integral, and their gradients, element
 * by element, each operation rounded as in the reference's numpy expression, which stands at each
 * method; {@code sigmoid(x)} is {@link Activations#sigmoid}.
 *
 * <p>n is the number of elements; x is the input, y the output, dout the gradient with respect to
 * y; only the last array is modified.
 */
public final class Gates {
  private Gates() {}

  /** Computes {@code x * sigmoid(factor * x)}. */
  public static void swish(double[] x, double factor, double[] y, int n) {
    exponentials(x, factor, y, n);
    for (int i = 0; i < n; i++) {
      y[i] = x[i] * sigmoid(factor * x[i], y[i]);
    }
  }

  /** Computes {@code t = factor * x; s = sigmoid(t); dout * (s * (1 + t * (1 - s)))}. */
  public static void swishGradient(double[] dout, double[] x, double factor, double[] dx, int n) {
    exponentials(x, factor, dx, n);
    for (int i = 0; i < n; i++) {
      double t = factor * x[i];
      double s = sigmoid(t, dx[i]);
      dx[i] = dout[i] * (s * (1 + t * (1 - s)));
    }
  }

  /** Computes {@code x * tanh(softplus(x))}, that of {@link Activations}. */
  public static void mish(double[] x, double[] y, int n) {
    Activations.softplus(x, y, n);
    ElementaryFunctions.tanh(y, 0, y, 0, n);
    Elementwise.multiply(x, y, y, n);
  }

  /** Computes {@code t = tanh(softplus(x)); dout * (t + x * sigmoid(x) * (1 - t * t))}. */
  public static void mishGradient(double[] dout, double[] x, double[] dx, int n) {
    Activations.softplus(x, dx, n);
    ElementaryFunctions.tanh(dx, 0, dx, 0, n);
    for (int i = 0; i < n; i++) {
      double t = dx[i];
      double s = sigmoid(x[i], ElementaryFunctions.exp(-Math.abs(x[i])));
      dx[i] = dout[i] * (t + x[i] * s * (1 - t * t));
    }
  }

  /** Computes {@code where(x < 0, x, 0) - log1p(exp(-|x|))}. */
  public static void logSigmoid(double[] x, double[] y, int n) {
    exponentials(x, 1, y, n);
    ElementaryFunctions.log1p(y, 0, y, 0, n);
    for (int i = 0; i < n; i++) {
      y[i] = (x[i] < 0 ? x[i] : 0.0) - y[i];
    }
  }

  /** Computes {@code z = exp(-|x|); dout * (where(x >= 0, z, 1) / (1 + z))}. */
  public static void logSigmoidGradient(double[] dout, double[] x, double[] dx, int n) {
    exponentials(x, 1, dx, n);
    for (int i = 0; i < n; i++) {
      double z = dx[i];
      dx[i] = dout[i] * ((x[i] >= 0 ? z : 1.0) / (1 + z));
    }
  }

  /**
   * Computes {@code t = beta * x; where(t > threshold, x, (log1p(exp(-|t|)) + where(t > 0, t, 0)) /
   * beta)}.
   */
  public static void softplus(double[] x, double beta, double threshold, double[] y, int n) {
    exponentials(x, beta, y, n);
    ElementaryFunctions.log1p(y, 0, y, 0, n);
    for (int i = 0; i < n; i++) {
      double t = beta * x[i];
      y[i] = t > threshold ? x[i] : (y[i] + (t > 0 ? t : 0.0)) / beta;
    }
  }

  /** Computes {@code t = beta * x; where(t > threshold, dout, dout * sigmoid(t))}. */
  public static void softplusGradient(
      double[] dout, double[] x, double beta, double threshold, double[] dx, int n) {
    exponentials(x, beta, dx, n);
    for (int i = 0; i < n; i++) {
      double t = beta * x[i];
      dx[i] = t > threshold ? dout[i] : dout[i] * sigmoid(t, dx[i]);
    }
  }

  /** Computes {@code x / (1 + |x|)}. */
  public static void softsign(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] / (1 + Math.abs(x[i]));
    }
  }

  /** Computes {@code d = 1 + |x|; dout / (d * d)}. */
  public static void softsignGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      double d = 1 + Math.abs(x[i]);
      dx[i] = dout[i] / (d * d);
    }
  }

  /**
   * Computes {@code a * sigmoid(b)} for each row of x, a being its first half and b its second.
   *
   * @param half elements of half a row
   * @param n elements of y
   */
  public static void glu(double[] x, int half, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      int a = i + i / half * half;
      double b = x[a + half];
      y[i] = x[a] * sigmoid(b, ElementaryFunctions.exp(-Math.abs(b)));
    }
  }

  /**
   * Computes {@code s = sigmoid(b); dout * s} for the first halves of the rows of x, and {@code
   * dout * (a * (s * (1 - s)))} for the second.
   *
   * @param half elements of half a row
   * @param n elements of dout
   */
  public static void gluGradient(double[] dout, double[] x, int half, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      int a = i + i / half * half;
      double b = x[a + half];
      double s = sigmoid(b, ElementaryFunctions.exp(-Math.abs(b)));
      dx[a] = dout[i] * s;
      dx[a + half] = dout[i] * (x[a] * (s * (1 - s)));
    }
  }

  /** Computes {@code exp(-|factor * x|)}. */
  private static void exponentials(double[] x, double factor, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -Math.abs(factor * x[i]);
    }
    ElementaryFunctions.exp(y, 0, y, 0, n);
  }

  /** The logistic function of t, given {@code exp(-|t|)}. */
  private static double sigmoid(double t, double exponential) {
    return (t >= 0 ? 1.0 : exponential) / (1 + exponential);
  }
}
