package org.allclose.internal.kernel.math;

import java.math.BigInteger;

/**
 * Multiples of pi/2 taken off huge numbers with the bits of glibc 2.36, where nothing is fused.
 *
 * <p>A number is cut in two, each part times as many digits of 2/pi as may matter, six times 24
 * bits of them, whose whole quarters of a circle are dropped on the way.
 *
 * <p>Source: Payne and Hanek, Radian Reduction for Trigonometric Functions, 1983, in the
 * arrangement of IBM's Accurate Mathematical Library; the digits are those of 2/pi.
 */
final class HalfPi {
  private HalfPi() {}

  private static final double DOWN = 0x1p-600;
  private static final int UP = 576;
  private static final int BITS = 24;

  /** Times it, a double falls in two halves. */
  private static final double SPLIT = 0x1p27 + 1;

  /** Adding it rounds to a whole number. */
  private static final double WHOLE = 0x1.8p52;

  /** Adding it rounds to a multiple of 4. */
  private static final double WHOLE_CIRCLE = 0x1.8p54;

  private static final double HIGH = 0x1.921fb54442d18p0;
  private static final double LOW = 0x1.1a62633145c07p-54;

  /** pi/2 in parts whose products with halves of doubles are exact. */
  private static final double PART1 = 0x1.921fb58p0;

  private static final double PART2 = -0x1.dde974p-27;

  /** 2/pi, 24 bits each. */
  private static final double[] DIGITS = digits();

  /**
   * {@code quarters * pi/2 + high + low}.
   *
   * @param quarters but for whole circles
   */
  record Remainder(int quarters, double high, double low) {}

  /** Returns x as a multiple of pi/2 and a remainder of about pi/4 at most on either side. */
  static Remainder remainder(double x) {
    double scaled = x * DOWN;
    double t = scaled * SPLIT;
    double first = t - (t - scaled);
    Turns a = turns(first);
    Turns b = turns(scaled - first);
    double quarters = a.quarters + b.quarters;
    double y = a.high + b.high;
    double rest = Math.abs(a.high) > Math.abs(b.high) ? a.high - y + b.high : b.high - y + a.high;
    if (y > 0.5) {
      y -= 1.0;
      quarters += 1.0;
    } else if (y < -0.5) {
      y += 1.0;
      quarters -= 1.0;
    }
    double s = y + (rest + a.low + b.low);
    double tail = y - s + rest + (a.low + b.low);
    t = s * SPLIT;
    double s1 = t - (t - s);
    double s2 = s - s1;
    double product = s * HIGH;
    double error = s1 * PART1 - product + s1 * PART2 + s2 * PART1;
    error += s2 * PART2 + s * LOW + tail * HIGH;
    double high = product + error;
    return new Remainder((int) quarters & 3, high, product - high + error);
  }

  /** Quarters of a circle: whole ones, and the rest of at most half of one. */
  private record Turns(double quarters, double high, double low) {}

  /**
   * Returns x, which is {@link #DOWN} times an argument, divided by pi/2, but for whole circles.
   */
  private static Turns turns(double x) {
    int exponent = (int) (Double.doubleToRawLongBits(x) >>> 52) & 0x7ff;
    int k = Math.max(0, (exponent - 450) / BITS);
    double[] r = new double[6];
    for (int i = 0; i < 6; i++) {
      r[i] = x * DIGITS[k + i] * Math.scalb(1.0, UP - BITS * (k + i));
    }
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double whole = r[i] + WHOLE - WHOLE;
      sum += whole;
      r[i] -= whole;
    }
    double t = 0;
    for (int i = 5; i >= 0; i--) {
      t += r[i];
    }
    double low = r[0] - t + r[1] + r[2] + r[3] + r[4] + r[5];
    double whole = t + WHOLE - WHOLE;
    sum += whole;
    t -= whole;
    double high = t + low;
    low = t - high + low;
    return new Turns(sum - (sum + WHOLE_CIRCLE - WHOLE_CIRCLE), high, low);
  }

  private static double[] digits() {
    BigInteger all =
        new BigInteger(
            "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a"
                + "424dd2e006492eea09d1921cfe1deb1cb129a73ee88235f52ebb4484e99c7026b45f7e41"
                + "3991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf"
                + "27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d08"
                + "56033046fc7b6babf0cfbc209af4361da9e391615ee61b086599855f14a068408dffd880"
                + "4d73273106061556ca73a8c960e27bc08c6b47c419c367cddce8092a8359c4768b961ca6"
                + "ddaf44d15719053ea5",
            16);
    double[] digits = new double[75];
    for (int i = 0; i < digits.length; i++) {
      digits[i] = all.shiftRight(BITS * (digits.length - 1 - i)).intValue() & 0xffffff;
    }
    return digits;
  }
}
