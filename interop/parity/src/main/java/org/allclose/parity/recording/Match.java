package org.allclose.parity.recording;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.internal.text.Decimal;
import org.allclose.tensor.Tensor;

/**
 * How near an actual tensor must be to the expected one.
 *
 * <p>Tensors of different shapes never match; that is checked before.
 */
public sealed interface Match {

  /** How {@link #parse} wants ulps. */
  Pattern ULPS = Pattern.compile("ulps:(.*)");

  /** How {@link #parse} wants rounding errors. */
  Pattern ROUNDING = Pattern.compile("rounding:(.*)");

  /** How {@link #parse} wants tolerances. */
  Pattern TOLERANCE = Pattern.compile("rtol:([^,]*),atol:(.*)");

  /** The same bits in every element, where NaN equals NaN and -0.0 is not 0.0. */
  Match EXACT = new Exact();

  /** The same bits in every element, but for the sign of zeros. */
  Match EQUAL_ZEROS = new EqualZeros();

  /**
   * Within a number of units in the last place of the largest expected value: {@code |actual -
   * expected| <= k * ulp(max |expected|)}.
   *
   * @throws IllegalArgumentException if k is negative or not finite
   */
  static Match ulps(double k) {
    return new Ulps(k);
  }

  /**
   * Within a number of rounding errors, element by element: {@code |actual - expected| <= k * unit
   * * noise}, where unit is the unit roundoff of the recorded dtype, 2^-53 for float64, and noise
   * the size of the terms that the element was summed from and of what is left of earlier layers'
   * errors: see {@link org.allclose.RoundingNoise}. It is for networks, of which that is known.
   *
   * @throws IllegalArgumentException if k is negative or not finite
   */
  static Match rounding(double k) {
    return new Rounding(k);
  }

  /**
   * As {@code numpy.testing.assert_allclose}: {@code |actual - expected| <= atol + rtol *
   * |expected|}, NaN equal to NaN and infinities only to themselves.
   *
   * @throws IllegalArgumentException if a tolerance is negative or not finite
   */
  static Match tolerance(double rtol, double atol) {
    return new Tolerance(rtol, atol);
  }

  /**
   * Returns the match that a text says: {@code exact}, {@code zeros:equal}, {@code ulps:4}, {@code
   * rounding:16} or {@code rtol:1e-7,atol:0}.
   *
   * @throws IllegalArgumentException if it says none
   */
  static Match parse(String text) {
    Matcher ulps = ULPS.matcher(text);
    Matcher rounding = ROUNDING.matcher(text);
    Matcher tolerance = TOLERANCE.matcher(text);
    try {
      if (text.equals("exact")) {
        return EXACT;
      }
      if (text.equals("zeros:equal")) {
        return EQUAL_ZEROS;
      }
      if (ulps.matches()) {
        return ulps(Double.parseDouble(ulps.group(1)));
      }
      if (rounding.matches()) {
        return rounding(Double.parseDouble(rounding.group(1)));
      }
      if (tolerance.matches()) {
        return tolerance(
            Double.parseDouble(tolerance.group(1)), Double.parseDouble(tolerance.group(2)));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "match '" + text + "': expected a number but got " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(
        "match: expected exact, zeros:equal, ulps:K, rounding:K or rtol:R,atol:A but got '"
            + text
            + "'");
  }

  /** Returns whether this match needs to know the rounding errors of a tensor. */
  boolean needsNoise();

  /** Returns whether the tensors, of the same shape, are near enough. */
  boolean accepts(Tensor expected, Tensor actual, Difference difference);

  /** {@link #EXACT}. */
  record Exact() implements Match {
    @Override
    public boolean needsNoise() {
      return false;
    }

    @Override
    public boolean accepts(Tensor expected, Tensor actual, Difference difference) {
      return difference.bitEqual() == expected.size();
    }

    @Override
    public String toString() {
      return "exact";
    }
  }

  /** {@link #EQUAL_ZEROS}. */
  record EqualZeros() implements Match {
    @Override
    public boolean needsNoise() {
      return false;
    }

    @Override
    public boolean accepts(Tensor expected, Tensor actual, Difference difference) {
      return difference.isOfZeroSigns();
    }

    @Override
    public String toString() {
      return "zeros equal";
    }
  }

  /** {@link #ulps}. */
  record Ulps(double k) implements Match {
    public Ulps {
      requireLimit("ulps", k);
    }

    @Override
    public boolean needsNoise() {
      return false;
    }

    @Override
    public boolean accepts(Tensor expected, Tensor actual, Difference difference) {
      return difference.normwiseUlps() <= k;
    }

    @Override
    public String toString() {
      return "ulps " + limit(k);
    }
  }

  /** {@link #rounding}. */
  record Rounding(double k) implements Match {
    public Rounding {
      requireLimit("rounding", k);
    }

    @Override
    public boolean needsNoise() {
      return true;
    }

    @Override
    public boolean accepts(Tensor expected, Tensor actual, Difference difference) {
      return difference.roundings().orElse(Double.POSITIVE_INFINITY) <= k;
    }

    @Override
    public String toString() {
      return "rounding " + limit(k);
    }
  }

  /** {@link #tolerance}. */
  record Tolerance(double rtol, double atol) implements Match {
    public Tolerance {
      requireLimit("rtol", rtol);
      requireLimit("atol", atol);
    }

    @Override
    public boolean needsNoise() {
      return false;
    }

    @Override
    public boolean accepts(Tensor expected, Tensor actual, Difference difference) {
      double[] e = expected.unwrap();
      double[] a = actual.unwrap();
      for (int i = 0; i < e.length; i++) {
        boolean same = e[i] == a[i] || (Double.isNaN(e[i]) && Double.isNaN(a[i]));
        boolean near =
            !Double.isInfinite(e[i]) && Math.abs(a[i] - e[i]) <= atol + rtol * Math.abs(e[i]);
        if (!same && !near) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return "rtol " + Decimal.of(rtol) + " atol " + Decimal.of(atol);
    }
  }

  private static String limit(double k) {
    return k == Math.rint(k) ? Long.toString((long) k) : Decimal.of(k);
  }

  private static void requireLimit(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          what + ": expected a finite number of at least 0 but got " + value);
    }
  }
}
