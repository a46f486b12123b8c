package org.allclose.layer.norm;

import org.allclose.layer.RoundingErrors;
import org.allclose.tensor.Tensor;

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
    super(pass.context, pass.own, pass.scaled, pass.epsilon, pass.affine);
    this.pass = pass;
    this.errors = errors;
  }

  @Override
  boolean usesOwnMoments() {
    return pass.usesOwnMoments();
  }

  @Override
  boolean isCentered() {
    return pass.isCentered();
  }

  @Override
  void moments(Tensor x, Tensor sampleMean, Tensor variance) {
    pass.moments(x, sampleMean, variance);
    if (usesOwnMoments()) {
      double[] values = x.unwrap();
      double[] square = new double[values.length];
      double[] product = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        double m = sampleMean.unwrap()[own.of(i)];
        square[i] = (values[i] - m) * (values[i] - m);
        // Of a variance that is computed in one go, while the mean still changes; of squares alone
        // that is their own rounding.
        product[i] = Math.abs(values[i] - m) * (Math.abs(values[i]) + Math.abs(m));
      }
      double[] errorOfVariance = errorsOfMeans(square);
      double[] meanOfProduct = own.means(product);
      for (int group = 0; group < errorOfVariance.length; group++) {
        errorOfVariance[group] += meanOfProduct[group];
      }
      errors.addTo(variance, Tensor.vector(errorOfVariance));
      if (isCentered()) {
        errors.addTo(sampleMean, Tensor.vector(errorsOfMeans(values)));
      }
    }
  }

  @Override
  void use(Tensor sampleMean, Tensor variance) {
    pass.use(sampleMean, variance);
  }

  @Override
  void sums(Tensor values, Tensor sum) {
    pass.sums(values, sum);
    double[] errorOfSum = errorsOfMeans(values.unwrap());
    for (int group = 0; group < errorOfSum.length; group++) {
      errorOfSum[group] *= own.count();
    }
    errors.addTo(sum, Tensor.vector(errorOfSum));
  }

  @Override
  void scaledSums(Tensor values, Tensor sum) {
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
