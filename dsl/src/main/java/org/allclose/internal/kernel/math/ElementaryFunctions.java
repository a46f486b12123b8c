package org.allclose.internal.kernel.math;

import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Elementary functions with the bits of the C library that numpy calls: glibc 2.36 on x86-64 with
 * fused multiply-adds.
 *
 * <p>{@code Math} and {@code StrictMath} round up to one result in ten otherwise, and {@code Math}
 * differs between JVMs. Results here depend on nothing but the argument; a NaN is NaN, whatever its
 * sign and payload. The array forms give the bits of the scalar ones; their output may be the input
 * at the same offset, but must not overlap it otherwise. Arguments are not checked.
 *
 * <p>numpy's own functions equal these where its SIMD versions are disabled, as they are when
 * fixtures are recorded. Powers follow numpy in one more thing: {@code x ** s} and {@code
 * np.power(x, s)} with a scalar s of -1, 0, 0.5, 1 or 2 do not call the power function, see {@link
 * #power}.
 */
public final class ElementaryFunctions {
  /** Elements that are worth another thread. */
  private static final int PART = 1 << 14;

  private ElementaryFunctions() {}

  /** Returns {@code e^x}. */
  public static double exp(double x) {
    return Exp.exp(x);
  }

  /** Returns {@code e^x - 1}, exact near 0. */
  public static double expm1(double x) {
    return Expm1.expm1(x);
  }

  /** Returns the natural logarithm of x. */
  public static double log(double x) {
    return Log.log(x);
  }

  /** Returns the natural logarithm of 1 + x, exact near 0. */
  public static double log1p(double x) {
    return Log1p.log1p(x);
  }

  /** Returns the hyperbolic tangent of x. */
  public static double tanh(double x) {
    return Tanh.tanh(x);
  }

  /** Returns the sine of x. */
  public static double sin(double x) {
    return SinCos.sin(x);
  }

  /** Returns the cosine of x. */
  public static double cos(double x) {
    return SinCos.cos(x);
  }

  /** Returns the error function of x, that of Python's {@code math.erf}. */
  public static double erf(double x) {
    return Erf.erf(x);
  }

  /** Returns {@code x^y}: numpy's where the exponents are an array, and C's. */
  public static double pow(double x, double y) {
    return Pow.pow(x, y);
  }

  /**
   * Computes {@code y[i] = exp(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void exp(double[] x, int xOffset, double[] y, int yOffset, int n) {
    FunctionKernel.CHOSEN.exp(x, xOffset, y, yOffset, n);
  }

  /** As {@link #exp(double[], int, double[], int, int)}, on several threads if n is large. */
  public static void exp(
      double[] x, int xOffset, double[] y, int yOffset, int n, Parallel parallel) {
    inParts(n, parallel, (from, count) -> exp(x, xOffset + from, y, yOffset + from, count));
  }

  /**
   * Computes {@code y[i] = log(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
    FunctionKernel.CHOSEN.log(x, xOffset, y, yOffset, n);
  }

  /** As {@link #log(double[], int, double[], int, int)}, on several threads if n is large. */
  public static void log(
      double[] x, int xOffset, double[] y, int yOffset, int n, Parallel parallel) {
    inParts(n, parallel, (from, count) -> log(x, xOffset + from, y, yOffset + from, count));
  }

  /**
   * Computes {@code y[i] = tanh(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
    FunctionKernel.CHOSEN.tanh(x, xOffset, y, yOffset, n);
  }

  /** As {@link #tanh(double[], int, double[], int, int)}, on several threads if n is large. */
  public static void tanh(
      double[] x, int xOffset, double[] y, int yOffset, int n, Parallel parallel) {
    inParts(n, parallel, (from, count) -> tanh(x, xOffset + from, y, yOffset + from, count));
  }

  /**
   * Computes {@code y[i] = expm1(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void expm1(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = Expm1.expm1(x[xOffset + i]);
    }
  }

  /**
   * Computes {@code y[i] = log1p(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void log1p(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = Log1p.log1p(x[xOffset + i]);
    }
  }

  /**
   * Computes {@code y[i] = erf(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = Erf.erf(x[xOffset + i]);
    }
  }

  /**
   * Computes {@code y[i] = sin(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void sin(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = SinCos.sin(x[xOffset + i]);
    }
  }

  /**
   * Computes {@code y[i] = cos(x[i])}.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void cos(double[] x, int xOffset, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = SinCos.cos(x[xOffset + i]);
    }
  }

  /**
   * Computes numpy's {@code x ** exponent} for a scalar exponent: {@code np.reciprocal}, ones,
   * {@code np.sqrt}, a copy or {@code np.square} where it is -1, 0, 0.5, 1 or 2, else the power
   * function.
   *
   * <p>The square root differs from {@code pow(x, 0.5)} at -0.0 and -infinity.
   *
   * @param x not modified, unless y is the same array
   * @param y modified
   */
  public static void power(
      double[] x, int xOffset, double exponent, double[] y, int yOffset, int n) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = power(x[xOffset + i], exponent);
    }
  }

  /** Some consecutive elements. */
  @FunctionalInterface
  private interface Part {
    void compute(int from, int count);
  }

  private static void inParts(int n, Parallel parallel, Part part) {
    if (n <= PART || parallel.threads() == 1) {
      part.compute(0, n);
    } else {
      parallel.forRange(
          (n - 1) / PART + 1, i -> part.compute(i * PART, Math.min(PART, n - i * PART)));
    }
  }

  private static double power(double x, double exponent) {
    if (exponent == 2.0) {
      return x * x;
    }
    if (exponent == 0.5) {
      return Math.sqrt(x);
    }
    if (exponent == -1.0) {
      return 1.0 / x;
    }
    if (exponent == 1.0) {
      return x;
    }
    return exponent == 0.0 ? 1.0 : Pow.pow(x, exponent);
  }
}
