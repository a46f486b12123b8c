package org.allclose.internal.kernel.reduce;

/** Looks for infinities and NaN. */
public final class Finite {
  private static final long EXPONENT = 0x7ff0000000000000L;

  /** Added to an exponent of all ones, carries into the sign. */
  private static final long ONE = 0x0010000000000000L;

  private Finite() {}

  /** Returns whether the first n elements are finite. */
  public static boolean all(double[] x, int n) {
    long carries = 0;
    for (int i = 0; i < n; i++) {
      carries |= (Double.doubleToRawLongBits(x[i]) & EXPONENT) + ONE;
    }
    return carries >= 0;
  }

  /** Returns the first element that is not finite, or 0 if all are. */
  public static double first(double[] x) {
    for (double value : x) {
      if (!Double.isFinite(value)) {
        return value;
      }
    }
    return 0;
  }
}
