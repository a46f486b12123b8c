package org.allclose.internal.kernel.math;

/**
 * {@code exp(x) - 1} with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>With {@code x = k * log(2) + r}, |r| at most log(2) / 2, exp(r) - 1 comes from a rational
 * approximation whose polynomial is in r²/2. glibc compiles fdlibm's algorithm with fused
 * multiply-adds; which products are fused was read from the compiled library.
 *
 * <p>Source: fdlibm {@code s_expm1.c} (Sun Microsystems, freely distributable).
 */
final class Expm1 {
  private Expm1() {}

  static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  static final double INVERSE_LN2 = 0x1.71547652b82fep0;

  static final double Q1 = -0x1.11111111110f4p-5;
  static final double Q2 = 0x1.a01a019fe5585p-10;
  static final double Q3 = -0x1.4ce199eaadbb7p-14;
  static final double Q4 = 0x1.0cfca86e65239p-18;
  static final double Q5 = -0x1.afdb76e09c32dp-23;

  private static final double OVERFLOW = 0x1.62e42fefa39efp9;

  /** About log(2) / 2: from here on a multiple of log(2) is taken off. */
  static final double REDUCTION_START = 0x1.62e43p-2;

  /** About 3 log(2) / 2: from here on the multiple is found by rounding; below it is 1. */
  static final double ROUNDING_START = 0x1.0a2b2p0;

  /** About 56 log(2): from here on the result for -x rounds to -1. */
  private static final double MINUS_ONE_START = 0x1.3687ap5;

  static double expm1(double x) {
    double magnitude = Math.abs(x);
    if (magnitude < REDUCTION_START) {
      return magnitude < 0x1p-54 ? x : nearZero(x);
    }
    if (x <= -MINUS_ONE_START) {
      return -1.0;
    }
    if (!(x <= OVERFLOW)) {
      return x * Double.POSITIVE_INFINITY;
    }
    int k = x < 0 ? -1 : 1;
    if (magnitude >= ROUNDING_START) {
      k = (int) (INVERSE_LN2 * x + 0.5 * k);
    }
    double high = Math.fma(-(double) k, LN2_HIGH, x);
    double low = k * LN2_LOW;
    double r = high - low;
    return scaled(k, r, high - r - low);
  }

  private static double nearZero(double x) {
    double halfSquare = x * (0.5 * x);
    return x - Math.fma(quotient(x, halfSquare), x, -halfSquare);
  }

  /** {@code 2^k * exp(r + c) - 1}. */
  private static double scaled(int k, double r, double c) {
    double halfSquare = r * (0.5 * r);
    double e = Math.fma(quotient(r, halfSquare) - c, r, -c) - halfSquare;
    if (k == -1) {
      return Math.fma(0.5, r - e, -0.5);
    }
    if (k == 1) {
      return r < -0.25 ? -2.0 * (e - (r + 0.5)) : Math.fma(2.0, r - e, 1.0);
    }
    if (k <= -2 || k > 56) {
      return timesPowerOfTwo(1.0 - (e - r), k) - 1.0;
    }
    if (k < 20) {
      return timesPowerOfTwo(1.0 - powerOfTwo(-k) - (e - r), k);
    }
    return timesPowerOfTwo(r - (e + powerOfTwo(-k)) + 1.0, k);
  }

  /** The rational approximation for the argument r, given {@code r * r / 2}. */
  private static double quotient(double r, double halfSquare) {
    double h2 = halfSquare * halfSquare;
    double h4 = h2 * h2;
    double p = Math.fma(h2, Math.fma(Q3, halfSquare, Q2), Math.fma(halfSquare, Q1, 1.0));
    p = Math.fma(h4, Math.fma(Q5, halfSquare, Q4), p);
    double t = Math.fma(-p, 0.5 * r, 3.0);
    return (p - t) / Math.fma(-r, t, 6.0) * halfSquare;
  }

  private static double powerOfTwo(int k) {
    return Double.longBitsToDouble((long) (1023 + k) << 52);
  }

  /** Adds k to the exponent; unlike a product it may pass through 2^1024. */
  private static double timesPowerOfTwo(double value, int k) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(value) + ((long) k << 52));
  }
}
