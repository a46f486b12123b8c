package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Normalization;
import org.allclose.tensor.Tensor;

/**
 * What normalization layers have in common: values normalized in groups by their own mean and
 * deviation, then scaled by gamma and shifted by beta in groups that can be others.
 *
 * <p>Both kinds of group are described by three lengths (outer, groups, inner): see {@link
 * Normalization}.
 */
abstract class NormPass implements Pass {

  /** Lengths (outer, groups, inner) of an array whose values lie in groups. */
  record Groups(int outer, int groups, int inner) {

    /** Returns the group of an element. */
    int of(int element) {
      return element / inner % groups;
    }

    /** Returns the number of elements of each group. */
    int count() {
      return outer * inner;
    }

    /** Returns the mean of each group, for where its bits do not matter. */
    double[] means(double[] values) {
      double[] means = new double[groups];
      for (int i = 0; i < values.length; i++) {
        means[of(i)] += values[i] / count();
      }
      return means;
    }
  }

  final LayerContext binding;
  final Groups own;
  final Groups scaled;
  final double epsilon;
  final double[] mean;
  final double[] deviation;
  final double[] normalized;
  private final double[] scratch;
  private final Tensor out;
  private double[] meanOfGradient = {};
  private double[] meanOfProduct = {};
  private Tensor dx = Tensor.EMPTY;

  NormPass(LayerContext binding, Groups own, Groups scaled, double epsilon) {
    this.binding = binding;
    this.own = own;
    this.scaled = scaled;
    this.epsilon = epsilon;
    mean = new double[own.groups];
    deviation = new double[own.groups];
    out = binding.newInputBatch();
    normalized = new double[out.size()];
    scratch = new double[out.size()];
  }

  /** Puts mean and variance to normalize with into the arrays. */
  abstract void moments(double[] x, double[] mean, double[] variance);

  /** Does what else is done with mean and variance of a batch; nothing, unless overridden. */
  void use(double[] mean, double[] variance) {}

  /** Computes the sum over each of the groups that are normalized together. */
  abstract void sums(double[] values, double[] sum);

  /** Computes the sum over each of the groups that are scaled together. */
  abstract void scaledSums(double[] values, double[] sum);

  /** Returns whether mean and deviation are those of the batch, so that gradients flow through. */
  boolean usesOwnMoments() {
    return true;
  }

  @Override
  public final Tensor forward(Tensor x) {
    double[] values = x.unwrap();
    moments(values, mean, deviation);
    use(mean, deviation);
    Normalization.deviation(deviation, epsilon, deviation, own.groups);
    Normalization.normalize(values, own.outer, own.groups, own.inner, mean, deviation, normalized);
    Normalization.scaleAndShift(
        normalized,
        scaled.outer,
        scaled.groups,
        scaled.inner,
        binding.parameter("gamma").unwrap(),
        binding.parameter("beta").unwrap(),
        out.unwrap());
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = binding.newInputBatch();
    }
    double[] upstream = dout.unwrap();
    double[] gradient = dx.unwrap();
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = upstream[i] * normalized[i];
    }
    scaledSums(scratch, binding.gradient("gamma").unwrap());
    scaledSums(upstream, binding.gradient("beta").unwrap());
    Normalization.scale(
        upstream,
        scaled.outer,
        scaled.groups,
        scaled.inner,
        binding.parameter("gamma").unwrap(),
        gradient);
    if (usesOwnMoments()) {
      throughMoments(gradient);
    } else {
      Normalization.divide(gradient, own.outer, own.groups, own.inner, deviation, gradient);
    }
    return dx;
  }

  @Override
  public Terms terms() {
    return new NormTerms(this);
  }

  @Override
  public final Pass disturbed(RoundingErrors errors) {
    return new DisturbedNormPass(this, errors);
  }

  /** Turns the gradient with respect to the normalized values into that of the input, in place. */
  private void throughMoments(double[] gradient) {
    if (meanOfGradient.length == 0) {
      meanOfGradient = new double[own.groups];
      meanOfProduct = new double[own.groups];
    }
    sums(gradient, meanOfGradient);
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = gradient[i] * normalized[i];
    }
    sums(scratch, meanOfProduct);
    double count = (double) own.outer * own.inner;
    for (int i = 0; i < own.groups; i++) {
      meanOfGradient[i] /= count;
      meanOfProduct[i] /= count;
    }
    Normalization.gradient(
        gradient,
        normalized,
        own.outer,
        own.groups,
        own.inner,
        meanOfGradient,
        meanOfProduct,
        deviation,
        gradient);
  }
}
