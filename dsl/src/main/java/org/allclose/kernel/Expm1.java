package org.allclose.kernel;

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

  /** High words, as fdlibm compares: 2^-54, log(2) / 2, 3 log(2) / 2 and 56 log(2). */
  private static final int TINY = 0x3c900000;

  private static final int HALF_LN2 = 0x3fd62e42;
  private static final int THREE_HALVES_LN2 = 0x3ff0a2b2;
  private static final int MINUS_ONE = 0x4043687a;

  static double expm1(double x) {
    int magnitude = (int) (Double.doubleToRawLongBits(x) >>> 32) & Integer.MAX_VALUE;
    if (magnitude >= MINUS_ONE) {
      if (x != x) {
        return x;
      }
      if (x < 0) {
        return -1.0;
      }
      if (x > OVERFLOW) {
        return Double.POSITIVE_INFINITY;
      }
    } else if (magnitude < TINY) {
      return x;
    }
    if (magnitude <= HALF_LN2) {
      return nearZero(x);
    }
    double high;
    double low;
    int k;
    if (magnitude < THREE_HALVES_LN2) {
      k = x < 0 ? -1 : 1;
      high = x < 0 ? x + LN2_HIGH : x - LN2_HIGH;
      low = x < 0 ? -LN2_LOW : LN2_LOW;
    } else {
      k = (int) (INVERSE_LN2 * x + (x < 0 ? -0.5 : 0.5));
      high = Math.fma(-(double) k, LN2_HIGH, x);
      low = k * LN2_LOW;
    }
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
