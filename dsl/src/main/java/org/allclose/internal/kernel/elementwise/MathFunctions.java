package org.allclose.internal.kernel.elementwise;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Functions of arithmetic and their gradients, element by element, each operation rounded as in the
 * reference's numpy expression, which stands at each method.
 *
 * <p>n is the number of elements; x is the input, y the output, dout the gradient with respect to
 * y; only the last array is modified. What is a product or a copy of arrays is in {@link
 * Elementwise}, what is a call in {@link ElementaryFunctions}.
 */
public final class MathFunctions {
  private MathFunctions() {}

  /** Computes {@code x + offset}. */
  public static void shift(double[] x, double offset, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = x[i] + offset;
    }
  }

  /** Computes {@code dout / x}. */
  public static void logGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] / x[i];
    }
  }

  /** Computes {@code sqrt(x)}. */
  public static void sqrt(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.sqrt(x[i]);
    }
  }

  /** Computes {@code dout / (2 * y)}. */
  public static void sqrtGradient(double[] dout, double[] y, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] / (2 * y[i]);
    }
  }

  /** Computes {@code 1 / sqrt(x)}. */
  public static void rsqrt(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / Math.sqrt(x[i]);
    }
  }

  /** Computes {@code dout * (-0.5 * (y * y * y))}. */
  public static void rsqrtGradient(double[] dout, double[] y, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * (-0.5 * (y[i] * y[i] * y[i]));
    }
  }

  /** Computes {@code 1 / x}. */
  public static void reciprocal(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / x[i];
    }
  }

  /** Computes {@code -dout * (y * y)}. */
  public static void reciprocalGradient(double[] dout, double[] y, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = -dout[i] * (y[i] * y[i]);
    }
  }

  /** Computes {@code abs(x)}. */
  public static void abs(double[] x, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  /** Computes {@code dout * sign(x)}: the sign of 0 is 0, that of NaN is NaN. */
  public static void absGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * sign(x[i]);
    }
  }

  /** Computes {@code dout * cos(x)}. */
  public static void sinGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * ElementaryFunctions.cos(x[i]);
    }
  }

  /** Computes {@code -dout * sin(x)}. */
  public static void cosGradient(double[] dout, double[] x, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = -dout[i] * ElementaryFunctions.sin(x[i]);
    }
  }

  /**
   * Computes {@code dout * (exponent * x ** (exponent - 1))}, and 0 where the exponent is 0.
   *
   * <p>A power is numpy's of an array and a number, see {@link ElementaryFunctions}.
   */
  public static void powGradient(double[] dout, double[] x, double exponent, double[] dx, int n) {
    if (exponent == 0) {
      Arrays.fill(dx, 0, n, 0.0);
      return;
    }
    ElementaryFunctions.power(x, 0, exponent - 1, dx, 0, n);
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * (exponent * dx[i]);
    }
  }

  /** Computes {@code function(x)}. */
  public static void apply(double[] x, DoubleUnaryOperator function, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = function.applyAsDouble(x[i]);
    }
  }

  /** Computes {@code dout * derivative(x)}. */
  public static void applyGradient(
      double[] dout, double[] x, DoubleUnaryOperator derivative, double[] dx, int n) {
    for (int i = 0; i < n; i++) {
      dx[i] = dout[i] * derivative.applyAsDouble(x[i]);
    }
  }

  private static double sign(double x) {
    return x > 0 ? 1.0 : x < 0 ? -1.0 : x == 0 ? 0.0 : x;
  }
}
