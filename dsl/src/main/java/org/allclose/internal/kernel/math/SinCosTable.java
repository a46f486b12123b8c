package org.allclose.internal.kernel.math;

import java.math.BigDecimal;
import java.math.MathContext;

/** Sines and cosines of k / 128, each as the sum of two doubles, computed by their series. */
final class SinCosTable {
  private SinCosTable() {}

  /** Arguments up to 0.86. */
  private static final int SIZE = 111;

  private static final MathContext DIGITS = new MathContext(50);

  static final double[] SIN = new double[SIZE];
  static final double[] SIN_LOW = new double[SIZE];
  static final double[] COS = new double[SIZE];
  static final double[] COS_LOW = new double[SIZE];

  static {
    for (int k = 0; k < SIZE; k++) {
      BigDecimal x = BigDecimal.valueOf(k).divide(BigDecimal.valueOf(128));
      put(series(x, x, 1), k, SIN, SIN_LOW);
      put(series(BigDecimal.ONE, x, 0), k, COS, COS_LOW);
    }
  }

  /** Returns {@code first - first * x^2 / ((n + 1) (n + 2)) + ...}. */
  private static BigDecimal series(BigDecimal first, BigDecimal x, int start) {
    BigDecimal term = first;
    BigDecimal sum = first;
    for (long n = start; n < 40; n += 2) {
      term = term.multiply(x, DIGITS).multiply(x, DIGITS);
      term = term.divide(BigDecimal.valueOf((n + 1) * (n + 2)), DIGITS).negate();
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }

  private static void put(BigDecimal value, int k, double[] high, double[] low) {
    high[k] = value.doubleValue();
    low[k] = value.subtract(new BigDecimal(high[k])).doubleValue();
  }
}
