package org.allclose.internal.kernel.math;

/**
 * The natural logarithm with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>With {@code x = 2^k * z}, z in [0x1.6p-1, 0x1.6p0), and 1/c from {@link LogTable}, {@code
 * log(x) = k * log(2) + log(c) + log(1 + r)} where {@code r = z/c - 1} is exact to a rounding. Near
 * 1, where that would cancel, a polynomial of degree 12 in x - 1 is used. Which products are fused
 * decides the last bit; the order below is that of the compiled library.
 *
 * <p>Source: ARM optimized-routines {@code log.c} (MIT), which glibc uses since 2.28.
 */
public final class Log {
  private Log() {}

  static final double LN2_HIGH = 0x1.62e42fefa3800p-1;
  static final double LN2_LOW = 0x1.ef35793c76730p-45;

  static final double A0 = -0x1.0000000000001p-1;
  static final double A1 = 0x1.555555551305bp-2;
  static final double A2 = -0x1.fffffffeb4590p-3;
  static final double A3 = 0x1.999b324f10111p-3;
  static final double A4 = -0x1.55575e506c89fp-3;

  static final double B0 = -0.5;
  static final double B1 = 0x1.5555555555577p-2;
  static final double B2 = -0x1.ffffffffffdcbp-3;
  static final double B3 = 0x1.999999995dd0cp-3;
  static final double B4 = -0x1.55555556745a7p-3;
  static final double B5 = 0x1.24924a344de30p-3;
  static final double B6 = -0x1.fffffa4423d65p-4;
  static final double B7 = 0x1.c7184282ad6cap-4;
  static final double B8 = -0x1.999eb43b068ffp-4;
  static final double B9 = 0x1.78182f7afd085p-4;
  static final double B10 = -0x1.5521375d145cdp-4;

  /** From here (inclusive) to {@link #NEAR_ONE_END} (exclusive) the polynomial around 1 is used. */
  static final double NEAR_ONE_START = 0x1.ep-1;

  static final double NEAR_ONE_END = 0x1.109p0;

  /** Bits of 0x1.6p-1, where the table's interval starts. */
  static final long TABLE_START = 0x3fe6000000000000L;

  /** The table's index is the seven bits of the mantissa from here up. */
  static final int INDEX_SHIFT = 52 - 7;

  /** Splits a double so that the square of the upper part is exact. */
  static final double SPLIT = 0x1p27;

  public static double log(double x) {
    if (x >= NEAR_ONE_START && x < NEAR_ONE_END) {
      return nearOne(x);
    }
    if (!(x >= Double.MIN_NORMAL && x < Double.POSITIVE_INFINITY)) {
      return special(x);
    }
    return normal(Double.doubleToRawLongBits(x));
  }

  /** Logarithm of the positive double with the given bits; its exponent may be negative. */
  private static double normal(long bits) {
    long offset = bits - TABLE_START;
    int i = (int) (offset >>> INDEX_SHIFT) & 127;
    double k = (int) (offset >> 52);
    double z = Double.longBitsToDouble(bits - (offset & 0xfffL << 52));
    double r = Math.fma(z, LogTable.RECIPROCALS[i], -1.0);
    double w = Math.fma(k, LN2_HIGH, LogTable.LOGARITHMS[i]);
    double high = w + r;
    double low = Math.fma(k, LN2_LOW, w - high + r);
    double r2 = r * r;
    double p = Math.fma(Math.fma(r, A4, A3), r2, Math.fma(A2, r, A1));
    return Math.fma(r * r2, p, Math.fma(r2, A0, low)) + high;
  }

  private static double nearOne(double x) {
    double r = x - 1.0;
    double r2 = r * r;
    double r3 = r * r2;
    double p = Math.fma(r3, B10, Math.fma(r2, B9, Math.fma(B8, r, B7)));
    p = Math.fma(p, r3, Math.fma(r2, B6, Math.fma(B5, r, B4)));
    p = Math.fma(p, r3, Math.fma(r2, B3, Math.fma(B2, r, B1)));
    double upper = Math.fma(-SPLIT, r, Math.fma(r, SPLIT, r));
    double lower = r - upper;
    double square = upper * upper;
    double high = Math.fma(square, B0, r);
    double low = Math.fma(square, B0, r - high);
    low = Math.fma(B0 * lower, r + upper, low);
    return high + Math.fma(p, r3, low);
  }

  private static double special(double x) {
    if (x > 0 && x < Double.MIN_NORMAL) {
      return normal(Double.doubleToRawLongBits(x * 0x1p52) - (52L << 52));
    }
    if (x == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return x == Double.POSITIVE_INFINITY ? x : Double.NaN;
  }
}
