package org.allclose.layer.norm;

import org.allclose.internal.ops.Groups;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Tensor;

/**
 * What normalization layers have in common: values normalized in groups by their own mean and
 * deviation, then scaled by gamma and shifted by beta in groups that can be others, where there are
 * such parameters.
 */
abstract class NormPass extends UnaryPass {
  final LayerContext context;
  final Ops ops;
  final Groups own;
  final Groups scaled;
  final double epsilon;
  final Affine affine;
  final Tensor mean;
  final Tensor deviation;
  final Tensor normalized;
  private final Tensor scratch;
  private final Tensor out;
  private Tensor sumOfGradient = Tensor.EMPTY;
  private Tensor sumOfProduct = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  NormPass(LayerContext context, Groups own, Groups scaled, double epsilon, Affine affine) {
    this.context = context;
    this.own = own;
    this.scaled = scaled;
    this.epsilon = epsilon;
    this.affine = affine;
    ops = Ops.of(context.dtype(), context.threads());
    mean = Tensor.zeros(own.groups());
    deviation = Tensor.zeros(own.groups());
    normalized = context.newInputBatch();
    scratch = context.newInputBatch();
    out = affine.scales() ? context.newInputBatch() : normalized;
  }

  /** Puts mean and variance to normalize with into the tensors; the mean may stay 0. */
  abstract void moments(Tensor x, Tensor sampleMean, Tensor variance);

  /** Does what else is done with mean and variance of a batch; nothing, unless overridden. */
  void use(Tensor sampleMean, Tensor variance) {}

  /** Computes the sum over each of the groups that are normalized together. */
  abstract void sums(Tensor values, Tensor sum);

  /** Computes the sum over each of the groups that are scaled together. */
  abstract void scaledSums(Tensor values, Tensor sum);

  /** Returns whether mean and deviation are those of the batch, so that gradients flow through. */
  boolean usesOwnMoments() {
    return true;
  }

  /** Returns whether a mean is subtracted. */
  boolean isCentered() {
    return true;
  }

  @Override
  public final Tensor forward(Tensor x) {
    moments(x, mean, deviation);
    use(mean, deviation);
    ops.deviation(deviation, epsilon, deviation);
    ops.normalize(x, own, mean, deviation, normalized);
    if (affine.shifts()) {
      Tensor beta = context.parameter(Affine.BETA);
      ops.scaleAndShift(normalized, scaled, context.parameter(Affine.GAMMA), beta, out);
    } else if (affine.scales()) {
      ops.scaleGroups(normalized, scaled, context.parameter(Affine.GAMMA), out);
    }
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    if (affine.scales()) {
      ops.multiply(dout, normalized, scratch);
      scaledSums(scratch, context.gradient(Affine.GAMMA));
      ops.scaleGroups(dout, scaled, context.parameter(Affine.GAMMA), dx);
    } else {
      dx.copyFrom(dout);
    }
    if (affine.shifts()) {
      scaledSums(dout, context.gradient(Affine.BETA));
    }
    if (usesOwnMoments()) {
      throughMoments();
    } else {
      ops.divideGroups(dx, own, deviation, dx);
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
  private void throughMoments() {
    if (sumOfGradient.size() == 0) {
      sumOfGradient = Tensor.zeros(own.groups());
      sumOfProduct = Tensor.zeros(own.groups());
    }
    if (isCentered()) {
      sums(dx, sumOfGradient);
    }
    ops.multiply(dx, normalized, scratch);
    sums(scratch, sumOfProduct);
    ops.throughMoments(dx, normalized, own, sumOfGradient, sumOfProduct, deviation);
  }
}
