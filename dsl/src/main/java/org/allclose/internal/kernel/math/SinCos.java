package org.allclose.internal.kernel.math;

/**
 * Sine and cosine with the bits of glibc 2.36 on x86-64 with fused multiply-adds.
 *
 * <p>An argument is {@code n * pi/2 + a + da} with a in [-pi/4, pi/4], or nearly. With k/128 next
 * to |a|, {@code sin(a + da)} and {@code cos(a + da)} follow from {@link SinCosTable} at k and from
 * short polynomials of what is left, by the addition theorems; the sine of small arguments is a
 * polynomial of degree 11. Which products are fused decides the last bit; the order below is that
 * of the compiled library.
 *
 * <p>Source: the method of IBM's Accurate Mathematical Library (Abraham Ziv), as glibc uses it
 * since 2.28 for results within 0.55 units in the last place; written anew, the table is computed.
 */
final class SinCos {
  private SinCos() {}

  /** Below these the argument, and 1, are the results. */
  private static final double TINY_SIN = 0x1p-26;

  private static final double TINY_COS = 0x1p-27;

  /** Up to here nothing is subtracted, up to the next pi/2 once, up to the last n times pi/2. */
  private static final double SMALL = bound(0x3feb6000);

  private static final double MIDDLE = bound(0x400368fd);
  private static final double LARGE = bound(0x419921fb);

  private static final double HALF_PI_HIGH = 0x1.921fb54442d18p0;
  private static final double HALF_PI_LOW = 0x1.1a62633145c07p-54;

  /** pi/2 in four parts: n times the first two is exact. */
  private static final double PART1 = 0x1.921fb58p0;

  private static final double PART2 = -0x1.dde973cp-27;
  private static final double PART3 = -0x1.cb3b398p-55;
  private static final double PART4 = -0x1.d747f23e32ed7p-83;
  private static final double INVERSE_HALF_PI = 0x1.45f306dc9c883p-1;

  /** Adding it rounds to an integer, which then stands in the low bits of the sum. */
  private static final double SHIFT = 0x1.8p52;

  /** Adding it rounds to a multiple of 1/128, which then stands in the low bits of the sum. */
  private static final double SHIFT_128 = 0x1.8p45;

  /** Below this the sine is a polynomial. */
  private static final double POLYNOMIAL = 0.126;

  private static final double S3 = -0x1.5555555555555p-3;
  private static final double S5 = 0x1.1111111110ecep-7;
  private static final double S7 = -0x1.a01a019db08b8p-13;
  private static final double S9 = 0x1.71de27b9a7ed9p-19;
  private static final double S11 = -0x1.addffc2fcdf59p-26;

  /** Coefficients of the polynomials beside the table. */
  private static final double N3 = -0x1.5555555555515p-3;

  private static final double N5 = 0x1.11110e829872fp-7;
  private static final double C2 = 0.5;
  private static final double C4 = -0x1.5555555555535p-5;
  private static final double C6 = 0x1.6c16bedd9e239p-10;

  static double sin(double x) {
    double magnitude = Math.abs(x);
    if (magnitude < TINY_SIN) {
      return x;
    }
    if (magnitude < SMALL) {
      return sinOf(x, 0);
    }
    if (magnitude < MIDDLE) {
      return Math.copySign(cosOf(HALF_PI_HIGH - magnitude, HALF_PI_LOW), x);
    }
    return far(x, 0);
  }

  static double cos(double x) {
    double magnitude = Math.abs(x);
    if (magnitude < TINY_COS) {
      return 1.0;
    }
    if (magnitude < SMALL) {
      return cosOf(x, 0);
    }
    if (magnitude < MIDDLE) {
      double y = HALF_PI_HIGH - magnitude;
      double a = y + HALF_PI_LOW;
      return sinOf(a, y - a + HALF_PI_LOW);
    }
    return far(x, 1);
  }

  /** Returns {@code sin(x + quarters * pi/2)} for a large x; NaN where x is infinite or NaN. */
  private static double far(double x, int quarters) {
    if (!(Math.abs(x) < LARGE)) {
      if (Double.isNaN(x) || Double.isInfinite(x)) {
        return Double.NaN;
      }
      HalfPi.Remainder r = HalfPi.remainder(x);
      return quarter(r.high(), r.low(), r.quarters() + quarters);
    }
    double shifted = Math.fma(x, INVERSE_HALF_PI, SHIFT);
    double n = shifted - SHIFT;
    double y = Math.fma(-n, PART2, Math.fma(-n, PART1, x));
    double t = Math.fma(-n, PART3, y);
    double rest = Math.fma(-n, PART3, y - t);
    double a = Math.fma(-n, PART4, t);
    rest += Math.fma(-n, PART4, t - a);
    return quarter(a, rest, (int) Double.doubleToRawLongBits(shifted) + quarters);
  }

  /** Returns {@code sin(a + da + n * pi/2)}. */
  private static double quarter(double a, double da, int n) {
    double y = (n & 1) == 0 ? sinOf(a, da) : cosOf(a, da);
    return (n & 2) == 0 ? y : -y;
  }

  /** Returns {@code sin(x + dx)} for an |x| below 0.86. */
  private static double sinOf(double x, double dx) {
    double magnitude = Math.abs(x);
    if (magnitude < POLYNOMIAL) {
      double square = x * x;
      double p = Math.fma(Math.fma(S11, square, S9), square, S7);
      p = Math.fma(Math.fma(p, square, S5), square, S3);
      return x + Math.fma(square, Math.fma(p, x, -(0.5 * dx)), dx);
    }
    double shifted = SHIFT_128 + magnitude;
    int k = (int) Double.doubleToRawLongBits(shifted);
    double t = magnitude - (shifted - SHIFT_128);
    double dt = x <= 0 ? -dx : dx;
    double square = t * t;
    double s = t + Math.fma(t * square, Math.fma(N5, square, N3), dt);
    double c = Math.fma(t, dt, square * cosine(square));
    double sum = Math.fma(s, SinCosTable.COS_LOW[k], SinCosTable.SIN_LOW[k]);
    sum = Math.fma(-c, SinCosTable.SIN[k], sum);
    sum = Math.fma(s, SinCosTable.COS[k], sum);
    return Math.copySign(SinCosTable.SIN[k] + sum, x);
  }

  /** Returns {@code cos(x + dx)} for an |x| below 0.86. */
  private static double cosOf(double x, double dx) {
    double magnitude = Math.abs(x);
    double shifted = SHIFT_128 + magnitude;
    int k = (int) Double.doubleToRawLongBits(shifted);
    double t = magnitude - (shifted - SHIFT_128) + (x < 0 ? -dx : dx);
    double square = t * t;
    double s = Math.fma(t * square, Math.fma(N5, square, N3), t);
    double c = square * cosine(square);
    double sum = Math.fma(-s, SinCosTable.SIN_LOW[k], SinCosTable.COS_LOW[k]);
    sum = Math.fma(-c, SinCosTable.COS[k], sum);
    sum = Math.fma(-s, SinCosTable.SIN[k], sum);
    return SinCosTable.COS[k] + sum;
  }

  /** {@code (1 - cos(t)) / t^2}, given the square of t. */
  private static double cosine(double square) {
    return Math.fma(Math.fma(C6, square, C4), square, C2);
  }

  /** The double whose upper half is this and whose lower half is 0. */
  private static double bound(int upper) {
    return Double.longBitsToDouble((long) upper << 32);
  }
}
