package org.allclose.train;

/** The largest error of one gradient so far, see {@link GradientCheck}. */
final class WorstError {

  /** The least scale that errors are relative to. */
  static final double SMALLEST_SCALE = 1e-8;

  private int checked;
  private int kinks;
  private double error;
  private String where = "-";
  private double analytic;
  private double numeric;

  void add(double a, NumericDerivative.Estimate estimate, String place) {
    double n = estimate.nearest(a);
    double beyond = Math.abs(a - n) - estimate.uncertainty();
    double relative =
        (beyond <= 0 ? 0 : beyond) / Math.max(SMALLEST_SCALE, Math.abs(a) + Math.abs(n));
    boolean isFirst = checked + kinks == 0;
    checked += estimate.isKink() ? 0 : 1;
    kinks += estimate.isKink() ? 1 : 0;
    if (isFirst || (!(relative <= error) && !Double.isNaN(error))) {
      error = relative;
      where = place;
      analytic = a;
      numeric = n;
    }
  }

  GradientCheck.Report.Entry entry(String name) {
    return new GradientCheck.Report.Entry(name, checked, kinks, error, where, analytic, numeric);
  }
}
