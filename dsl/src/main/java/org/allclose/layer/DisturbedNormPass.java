package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Elementwise;

/**
 * A normalization whose means, forward and backward, are disturbed by artificial rounding errors.
 *
 * <p>An error of a mean is common to all values of its group, so that it is not lost in their sums.
 * It can be larger than the terms: some libraries add one value after another, and every sum on the
 * way is rounded. As the values come in order, that makes {@code sqrt(sum(partial sum ** 2))}.
 * Where a value comes again and again, as behind the background of images, each sum is rounded the
 * same way, and the errors add up.
 */
final class DisturbedNormPass extends NormPass {
  private final NormPass pass;
  private final RoundingErrors errors;

  DisturbedNormPass(NormPass pass, RoundingErrors errors) {
    super(pass.binding, pass.own, pass.scaled, pass.epsilon);
    this.pass = pass;
    this.errors = errors;
  }

  @Override
  boolean usesOwnMoments() {
    return pass.usesOwnMoments();
  }

  @Override
  void moments(double[] x, double[] mean, double[] variance) {
    pass.moments(x, mean, variance);
    if (usesOwnMoments()) {
      double[] square = new double[x.length];
      double[] product = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double m = mean[own.of(i)];
        square[i] = (x[i] - m) * (x[i] - m);
        // Of a variance that is computed in one go, while the mean still changes.
        product[i] = Math.abs(x[i] - m) * (Math.abs(x[i]) + Math.abs(m));
      }
      double[] errorOfVariance = errorsOfMeans(square);
      Elementwise.add(errorOfVariance, own.means(product), errorOfVariance, own.groups());
      errors.addTo(variance, errorOfVariance);
      errors.addTo(mean, errorsOfMeans(x));
    }
  }

  @Override
  void use(double[] mean, double[] variance) {
    pass.use(mean, variance);
  }

  @Override
  void sums(double[] values, double[] sum) {
    pass.sums(values, sum);
    double[] errorOfSum = errorsOfMeans(values);
    Elementwise.scale(errorOfSum, own.count(), errorOfSum, own.groups());
    errors.addTo(sum, errorOfSum);
  }

  @Override
  void scaledSums(double[] values, double[] sum) {
    pass.scaledSums(values, sum);
  }

  /** Returns what the rounding errors of the mean of each group are in proportion to. */
  private double[] errorsOfMeans(double[] values) {
    double[] terms = new double[own.groups()];
    double[] partial = new double[own.groups()];
    double[] squares = new double[own.groups()];
    double[] before = new double[own.groups()];
    for (int i = 0; i < values.length; i++) {
      int group = own.of(i);
      terms[group] += Math.abs(values[i]) / own.count();
      partial[group] += values[i] / own.count();
      if (values[i] == before[group] && values[i] != 0) {
        terms[group] += Math.abs(partial[group]);
      } else {
        squares[group] += partial[group] * partial[group];
      }
      before[group] = values[i];
    }
    for (int group = 0; group < terms.length; group++) {
      terms[group] += Math.sqrt(squares[group]);
    }
    return terms;
  }
}
