package org.allclose.internal.kernel.math;

/**
 * {@code log(1 + x)} with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>With {@code 1 + x = 2^k * (1 + f)}, log(1 + f) comes from a polynomial in {@code f / (2 + f)};
 * the rounding error c of 1 + x is carried along. glibc compiles fdlibm's algorithm with fused
 * multiply-adds; which products are fused was read from the compiled library.
 *
 * <p>Source: fdlibm {@code s_log1p.c} (Sun Microsystems, freely distributable).
 */
final class Log1p {
  private Log1p() {}

  private static final double LN2_HIGH = 0x1.62e42fee00000p-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final double TWO_THIRDS = 0x1.5555555555555p-1;

  private static final double P1 = 0x1.5555555555593p-1;
  private static final double P2 = 0x1.999999997fa04p-2;
  private static final double P3 = 0x1.2492494229359p-2;
  private static final double P4 = 0x1.c71c51d8e78afp-3;
  private static final double P5 = 0x1.7466496cb03dep-3;
  private static final double P6 = 0x1.39a09d078c69fp-3;
  private static final double P7 = 0x1.2f112df3e5244p-3;

  /**
   * High words, as fdlibm compares: sqrt(2) - 1, sqrt(2) / 2 - 1, 2^53 and the mantissa of sqrt(2).
   */
  private static final int SQRT2_MINUS_1 = 0x3fda827a;

  private static final int HALF_SQRT2_MINUS_1 = 0xbfd2bec3;
  private static final int TWO_TO_53 = 0x43400000;
  private static final int SQRT2_MANTISSA = 0x6a09e;

  static double log1p(double x) {
    int highWord = (int) (Double.doubleToRawLongBits(x) >> 32);
    if (!(x > -1.0 && x < Double.POSITIVE_INFINITY)) {
      return special(x);
    }
    if (highWord < SQRT2_MINUS_1) {
      double magnitude = Math.abs(x);
      if (magnitude < 0x1p-29) {
        return magnitude < 0x1p-54 ? x : Math.fma(-(x * x), 0.5, x);
      }
      if (highWord > 0 || highWord <= HALF_SQRT2_MINUS_1) {
        return x - logarithmDefect(x);
      }
    }
    double u;
    double c;
    if (highWord < TWO_TO_53) {
      u = 1.0 + x;
      c = (exponent(u) > 0 ? 1.0 - (u - x) : x - (u - 1.0)) / u;
    } else {
      u = x;
      c = 0.0;
    }
    return scaled(u, c);
  }

  /** {@code log(u) + c}. */
  private static double scaled(double u, double c) {
    long bits = Double.doubleToRawLongBits(u);
    int k = exponent(u);
    int mantissa = (int) (bits >>> 32) & 0xfffff;
    boolean upperHalf = mantissa >= SQRT2_MANTISSA;
    if (upperHalf) {
      k++;
    }
    // (1 + f) in [sqrt(2)/2, sqrt(2))
    long field = upperHalf ? 0x3fe : 0x3ff;
    double f = Double.longBitsToDouble((bits & 0xfffffffffffffL) | (field << 52)) - 1.0;
    double low = Math.fma(k, LN2_LOW, c);
    // The distance of 1 + f from 1 in units of 2^-20, rounded towards it.
    int distance = upperHalf ? (0x100000 - mantissa) >> 2 : mantissa;
    if (distance != 0) {
      return k == 0 ? f - logarithmDefect(f) : combine(k, f, low);
    }
    // k is not 0: so near 1 no u comes here.
    double defect = Math.fma(-TWO_THIRDS, f, 1.0) * halfSquare(f);
    return Math.fma(k, LN2_HIGH, -(defect - low - f));
  }

  private static double combine(int k, double f, double low) {
    double halfSquare = halfSquare(f);
    return Math.fma(k, LN2_HIGH, -(halfSquare - (low + correction(f, halfSquare)) - f));
  }

  /** {@code f - log(1 + f)}. */
  private static double logarithmDefect(double f) {
    double halfSquare = halfSquare(f);
    return halfSquare - correction(f, halfSquare);
  }

  private static double correction(double f, double halfSquare) {
    double s = f / (2.0 + f);
    double z = s * s;
    double z2 = z * z;
    double z4 = z2 * z2;
    double p = Math.fma(z, P1, z2 * Math.fma(P3, z, P2));
    p = Math.fma(z4, Math.fma(P5, z, P4), p);
    p = Math.fma(z2 * z4, Math.fma(P7, z, P6), p);
    return (p + halfSquare) * s;
  }

  private static double halfSquare(double f) {
    return 0.5 * f * f;
  }

  private static int exponent(double u) {
    return (int) (Double.doubleToRawLongBits(u) >> 52) - 1023;
  }

  private static double special(double x) {
    if (x == -1.0) {
      return Double.NEGATIVE_INFINITY;
    }
    return x == Double.POSITIVE_INFINITY ? x : Double.NaN;
  }
}
