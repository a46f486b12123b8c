package org.allclose.internal.kernel.math;

/**
 * The power function with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>{@code x^y = exp(y * log(x))}, the logarithm being computed to about 68 bits as a sum of two
 * doubles with {@link PowTable}, the exponential with {@link ExpTable}. Which products are fused
 * decides the last bit; the order below is that of the compiled library. Special cases are those of
 * C99's annex F.
 *
 * <p>Source: ARM optimized-routines {@code pow.c} (MIT), which glibc uses since 2.28.
 */
final class Pow {
  private Pow() {}

  private static final double LN2_HIGH = 0x1.62e42fefa3800p-1;
  private static final double LN2_LOW = 0x1.ef35793c76730p-45;

  private static final double A0 = -0.5;
  private static final double A1 = -0x1.5555555555560p-1;
  private static final double A2 = 0x1.0000000000006p-1;
  private static final double A3 = 0x1.999999959554ep-1;
  private static final double A4 = -0x1.555555529a47ap-1;
  private static final double A5 = -0x1.2495b9b4845e9p0;
  private static final double A6 = 0x1.0002b8b263fc3p0;

  /** Bits of 0x1.69555p-1, where the table's interval starts. */
  private static final long TABLE_START = 0x3fe6955500000000L;

  private static final long MAGNITUDE = Long.MAX_VALUE;
  private static final long ONE = 0x3ff0000000000000L;
  private static final long INFINITY = 0x7ff0000000000000L;

  /** Exponent fields of |y| below which {@code x^y} rounds to 1, and from which it overflows. */
  private static final int TINY_Y = 0x3be;

  private static final int HUGE_Y = 0x43e;

  /** {@code exp} of anything smaller rounds to 1. */
  private static final double TINY_PRODUCT = 0x1p-54;

  /** {@code exp} of anything that large overflows or underflows. */
  private static final double HUGE_PRODUCT = 1024.0;

  static double pow(double x, double y) {
    long xBits = Double.doubleToRawLongBits(x);
    long yBits = Double.doubleToRawLongBits(y);
    if (isZeroInfiniteOrNaN(yBits)) {
      return powOfSpecialExponent(x, y, xBits, yBits);
    }
    if (isZeroInfiniteOrNaN(xBits)) {
      return powOfSpecialBase(x, xBits, yBits);
    }
    boolean negative = false;
    if (x < 0) {
      if (!isInteger(y)) {
        return Double.NaN;
      }
      negative = isOdd(y);
      xBits &= MAGNITUDE;
    }
    int yExponent = (int) (yBits >>> 52) & 0x7ff;
    if (yExponent < TINY_Y || yExponent >= HUGE_Y) {
      // A y that large is an even integer, so the sign of x no longer matters.
      if (xBits == ONE || yExponent < TINY_Y) {
        return 1.0;
      }
      return (xBits > ONE) == (yBits >= 0) ? Double.POSITIVE_INFINITY : 0.0;
    }
    if (xBits < 1L << 52) {
      xBits = Double.doubleToRawLongBits(Double.longBitsToDouble(xBits) * 0x1p52) - (52L << 52);
    }
    return powOfFinite(xBits, y, negative);
  }

  /** The logarithm of the positive x with the given bits, times y, and the exponential of that. */
  private static double powOfFinite(long xBits, double y, boolean negative) {
    long offset = xBits - TABLE_START;
    int i = (int) (offset >>> Log.INDEX_SHIFT) & 127;
    double k = (int) (offset >> 52);
    double z = Double.longBitsToDouble(xBits - (offset & 0xfffL << 52));
    double r = Math.fma(z, PowTable.RECIPROCALS[i], -1.0);
    double t1 = Math.fma(k, LN2_HIGH, PowTable.LOGARITHMS[i]);
    double t2 = t1 + r;
    double low1 = Math.fma(k, LN2_LOW, PowTable.TAILS[i]);
    double low2 = t1 - t2 + r;
    double ar = A0 * r;
    double ar2 = r * ar;
    double ar3 = r * ar2;
    double high = t2 + ar2;
    double low3 = Math.fma(ar, r, -ar2);
    double low4 = t2 - high + ar2;
    double p = Math.fma(r, A6, A5);
    p = Math.fma(p, ar2, Math.fma(r, A4, A3));
    p = Math.fma(ar2, p, Math.fma(r, A2, A1));
    double low = Math.fma(ar3, p, low1 + low2 + low3 + low4);
    double log = high + low;
    double logTail = high - log + low;
    double product = y * log;
    double productTail = Math.fma(y, logTail, Math.fma(log, y, -product));
    return exp(product, productTail, negative);
  }

  /** {@code exp(x + tail)}, negated on demand; |tail| is at most 2^-8 / 128 and 2^-53 |x|. */
  private static double exp(double x, double tail, boolean negative) {
    double magnitude = Math.abs(x);
    if (magnitude < TINY_PRODUCT) {
      return negative ? -1.0 : 1.0;
    }
    if (!(magnitude < HUGE_PRODUCT)) {
      double limit = x < 0 ? 0.0 : Double.POSITIVE_INFINITY;
      return negative ? -limit : limit;
    }
    double rounded = Math.fma(x, Exp.INVERSE_LN2_N, Exp.SHIFT);
    long k = Double.doubleToRawLongBits(rounded);
    int i = (int) k & (ExpTable.SIZE - 1);
    double r = tail + Exp.remainder(x, rounded - Exp.SHIFT);
    double p = Exp.polynomial(r, ExpTable.TAILS[i]);
    long scaleBits = Exp.scaleBits(k, i);
    double result;
    if (magnitude < Exp.LARGE) {
      double scale = Double.longBitsToDouble(scaleBits);
      result = Math.fma(p, scale, scale);
    } else {
      result = x > 0 ? Exp.large(scaleBits, p) : Exp.small(scaleBits, p);
    }
    return negative ? -result : result;
  }

  private static double powOfSpecialExponent(double x, double y, long xBits, long yBits) {
    if (y == 0) {
      return isSignaling(xBits) ? Double.NaN : 1.0;
    }
    if (xBits == ONE) {
      return isSignaling(yBits) ? Double.NaN : 1.0;
    }
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Double.NaN;
    }
    double magnitude = Math.abs(x);
    if (magnitude == 1.0) {
      return 1.0;
    }
    return (magnitude < 1.0) == (y < 0) ? Double.POSITIVE_INFINITY : 0.0;
  }

  private static double powOfSpecialBase(double x, long xBits, long yBits) {
    double y = Double.longBitsToDouble(yBits);
    double square = x * x;
    if (xBits < 0 && isInteger(y) && isOdd(y)) {
      square = -square;
    }
    return yBits < 0 ? 1.0 / square : square;
  }

  private static boolean isZeroInfiniteOrNaN(long bits) {
    long magnitude = bits & MAGNITUDE;
    return magnitude == 0 || magnitude >= INFINITY;
  }

  private static boolean isSignaling(long bits) {
    long magnitude = bits & MAGNITUDE;
    return magnitude > INFINITY && (bits & 1L << 51) == 0;
  }

  private static boolean isInteger(double y) {
    return Math.rint(y) == y;
  }

  /** Whether the integer y is odd; from 2^53 on all doubles are even. */
  private static boolean isOdd(double y) {
    return Math.abs(y) < 0x1p53 && ((long) y & 1) != 0;
  }
}
