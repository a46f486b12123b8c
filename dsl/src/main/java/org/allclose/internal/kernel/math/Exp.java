package org.allclose.internal.kernel.math;

/**
 * The exponential function with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>With {@code k = rint(x * 128 / log(2))} and {@code r = x - k * log(2) / 128}, {@code exp(x) =
 * 2^(k/128) * exp(r)}: the power comes from {@link ExpTable}, exp(r) - 1 from a polynomial of
 * degree 5. Which products are fused decides the last bit; the order below is that of the compiled
 * library.
 *
 * <p>Source: ARM optimized-routines {@code exp.c} (MIT), which glibc uses since 2.28.
 */
final class Exp {
  private Exp() {}

  static final double INVERSE_LN2_N = 0x1.71547652b82fep7;
  static final double NEGATIVE_LN2_HIGH_N = -0x1.62e42fefa0000p-8;
  static final double NEGATIVE_LN2_LOW_N = -0x1.cf79abc9e3b3ap-47;

  /** Adding it rounds to an integer, which then stands in the low bits of the sum. */
  static final double SHIFT = 0x1.8p52;

  static final double C2 = 0x1.ffffffffffdbdp-2;
  static final double C3 = 0x1.555555555543cp-3;
  static final double C4 = 0x1.55555cf172b91p-5;
  static final double C5 = 0x1.1111167a4d017p-7;

  /** Below this magnitude the scale is a normal number and neither result nor scale overflows. */
  static final double LARGE = 512.0;

  /** How far the low bits of {@code x * INVERSE_LN2_N + SHIFT} go left to reach the exponent. */
  static final int EXPONENT_SHIFT = 52 - 7;

  /** From this magnitude on the result overflows or underflows to 0. */
  private static final double BEYOND = 1024.0;

  static double exp(double x) {
    if (!(Math.abs(x) < LARGE)) {
      return far(x);
    }
    double rounded = Math.fma(x, INVERSE_LN2_N, SHIFT);
    long k = Double.doubleToRawLongBits(rounded);
    int i = (int) k & (ExpTable.SIZE - 1);
    double p = polynomial(remainder(x, rounded - SHIFT), ExpTable.TAILS[i]);
    double scale = Double.longBitsToDouble(scaleBits(k, i));
    return Math.fma(scale, p, scale);
  }

  /** As {@link #exp}, where the scale may overflow or the result be subnormal. */
  private static double far(double x) {
    if (x >= BEYOND) {
      return Double.POSITIVE_INFINITY;
    }
    if (!(x > -BEYOND)) {
      return x < 0 ? 0.0 : x;
    }
    double rounded = Math.fma(x, INVERSE_LN2_N, SHIFT);
    long k = Double.doubleToRawLongBits(rounded);
    int i = (int) k & (ExpTable.SIZE - 1);
    double p = polynomial(remainder(x, rounded - SHIFT), ExpTable.TAILS[i]);
    return x > 0 ? large(scaleBits(k, i), p) : small(scaleBits(k, i), p);
  }

  /** {@code r = x - k * log(2) / 128}, given k. */
  static double remainder(double x, double k) {
    return Math.fma(k, NEGATIVE_LN2_LOW_N, Math.fma(k, NEGATIVE_LN2_HIGH_N, x));
  }

  /** {@code exp(r) * (1 + tail) - 1}. */
  static double polynomial(double r, double tail) {
    double r2 = r * r;
    double p = Math.fma(Math.fma(C3, r, C2), r2, r + tail);
    return Math.fma(r2 * r2, Math.fma(r, C5, C4), p);
  }

  /** Bits of {@code 2^(k/128)}, i being k mod 128; the exponent wraps where it is out of range. */
  static long scaleBits(long k, int i) {
    return ExpTable.POWER_BITS[i] + (k << EXPONENT_SHIFT);
  }

  /** The scale may be above the largest double although the result is not, or not by much. */
  static double large(long scaleBits, double p) {
    double scale = Double.longBitsToDouble(scaleBits - (1009L << 52));
    return 0x1p1009 * Math.fma(scale, p, scale);
  }

  /** The result may be subnormal: it is rounded once, to the precision that it has. */
  static double small(long scaleBits, double p) {
    double scale = Double.longBitsToDouble(scaleBits + (1022L << 52));
    double t = scale * p;
    double y = scale + t;
    if (y < 1.0) {
      double low = scale - y + t;
      double high = 1.0 + y;
      low = 1.0 - high + y + low;
      y = high + low - 1.0;
    }
    return 0x1p-1022 * y;
  }
}
