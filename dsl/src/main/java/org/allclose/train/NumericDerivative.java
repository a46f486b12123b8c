package org.allclose.train;

import java.util.function.DoubleUnaryOperator;

/**
 * The derivative of a computed function at 0, by central differences at several steps.
 *
 * <p>Central differences {@code D(h) = (f(h) - f(-h)) / 2h} at h, h/2 and h/4 are extrapolated to
 * {@code (4 D(h/2) - D(h)) / 3}, whose error is of the order h^4, and the same at half the step.
 * The longest step is taken first, where the rounding of f matters least. It is halved as long as
 * the two extrapolations disagree, because f bends too much, or because there is a kink within the
 * step, as of ReLU, max pool or hinge loss. A kink at 0 itself shows in no central difference; it
 * shows in the second differences {@code S(h) = f(h) - 2 f(0) + f(-h)}, which are as 4 to 1 for h
 * and h/2 where f is smooth. Where even the shortest steps disagree, there is a kink at 0 or next
 * to it: then the derivative is known to lie between the slopes of both sides.
 *
 * <p>Source: Ridders, Accurate computation of F'(x) and F'(x)F''(x), 1982; the noise is estimated
 * from a table of differences, as in Moré and Wild, Estimating computational noise, 2011.
 */
final class NumericDerivative {

  /** How often the step is halved before a kink is assumed. */
  private static final int HALVINGS = 8;

  /**
   * How much rounding can make of one value's, as a multiple of noise / h: the second differences
   * of a half step take ten times its standard deviation.
   */
  private static final double ROUNDING = 32;

  /** How far from the slopes of both sides a gradient at a kink may be, relative to the larger. */
  private static final double KINK_TOLERANCE = 1e-3;

  private static final int NOISE_POINTS = 10;

  private final DoubleUnaryOperator f;
  private final double longest;
  private final double noise;
  private final double spacing;
  private final double center;
  private final double[] above = new double[HALVINGS + 3];
  private final double[] below = new double[HALVINGS + 3];
  private int known;

  /**
   * What is known of a derivative.
   *
   * @param low the derivative; at a kink, the smaller slope of both sides
   * @param high the derivative; at a kink, the larger slope of both sides
   * @param uncertainty how far these can be off for the rounding of f
   * @param isKink whether f has a kink here
   */
  record Estimate(double low, double high, double uncertainty, boolean isKink) {

    /** Returns what is nearest to a value of all that the derivative can be. */
    double nearest(double value) {
      return Math.min(Math.max(value, low), high);
    }
  }

  /**
   * @param f the function of a shift
   * @param longest the longest step
   * @param noise the standard deviation of the rounding errors of f
   * @param spacing the distance between shifts that the argument of f can tell apart
   */
  NumericDerivative(DoubleUnaryOperator f, double longest, double noise, double spacing) {
    this.f = f;
    this.longest = longest;
    this.noise = noise;
    this.spacing = spacing;
    center = f.applyAsDouble(0);
  }

  /**
   * Returns the standard deviation of the rounding errors of a function near 0.
   *
   * <p>Third differences of values so near to each other that nothing but rounding is left in them
   * have 20 times its variance. The values lie on one side of 0: a kink there is not crossed.
   *
   * @param spacing the distance between the values
   */
  static double noise(DoubleUnaryOperator f, double spacing) {
    double[] values = new double[NOISE_POINTS];
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = f.applyAsDouble((i + 1) * spacing);
      largest = Math.max(largest, Math.abs(values[i]));
    }
    double sum = 0;
    int count = values.length - 3;
    for (int i = 0; i < count; i++) {
      double difference = values[i + 3] - 3 * values[i + 2] + 3 * values[i + 1] - values[i];
      sum += difference * difference;
    }
    // Where the result does not change at all, the last bit of it is rounded all the same.
    return Math.max(Math.sqrt(sum / count / 20), Math.ulp(largest) / 2);
  }

  /**
   * Returns the derivative at the longest step at which the extrapolations agree.
   *
   * @param relative how near they have to be, relative to the derivative
   * @param least below which derivative as near as for that one
   * @return the slopes of both sides where they agree at no step
   */
  Estimate estimate(double relative, double least) {
    for (int k = 0; k <= HALVINGS; k++) {
      double h = Math.scalb(longest, -k);
      double coarse = (4 * slope(k + 1) - slope(k)) / 3;
      double fine = (4 * slope(k + 2) - slope(k + 1)) / 3;
      double bend =
          Math.max(
              Math.abs(bend(k) - 4 * bend(k + 1)) / (2 * h),
              Math.abs(bend(k + 1) - 4 * bend(k + 2)) / h);
      double rounding = ROUNDING * (noise + Math.abs(fine) * spacing) / h;
      double disagreement = Math.max(Math.abs(fine - coarse), bend);
      if (disagreement <= Math.max(rounding, relative * Math.max(least, Math.abs(fine)))) {
        return new Estimate(fine, fine, rounding, false);
      }
    }
    return slopesOfBothSides();
  }

  private Estimate slopesOfBothSides() {
    double h = Math.scalb(longest, -HALVINGS);
    double left = (center - below[HALVINGS]) / h;
    double right = (above[HALVINGS] - center) / h;
    double larger = Math.max(Math.abs(left), Math.abs(right));
    return new Estimate(
        Math.min(left, right),
        Math.max(left, right),
        ROUNDING * noise / h + KINK_TOLERANCE * larger,
        true);
  }

  /** Returns the central difference at a step that was halved so often. */
  private double slope(int halvings) {
    compute(halvings);
    return (above[halvings] - below[halvings]) / (2 * Math.scalb(longest, -halvings));
  }

  /** Returns the second difference at a step that was halved so often. */
  private double bend(int halvings) {
    compute(halvings);
    return above[halvings] - 2 * center + below[halvings];
  }

  private void compute(int halvings) {
    for (; known <= halvings; known++) {
      double h = Math.scalb(longest, -known);
      above[known] = f.applyAsDouble(h);
      below[known] = f.applyAsDouble(-h);
    }
  }
}
