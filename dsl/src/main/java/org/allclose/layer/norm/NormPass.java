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
 * deviation, then scaled by gamma and shifted by beta in groups that can be others.
 */
abstract class NormPass extends UnaryPass {
  static final String GAMMA = "gamma";
  static final String BETA = "beta";

  final LayerContext context;
  final Ops ops;
  final Groups own;
  final Groups scaled;
  final double epsilon;
  final Tensor mean;
  final Tensor deviation;
  final Tensor normalized;
  private final Tensor scratch;
  private final Tensor out;
  private Tensor sumOfGradient = Tensor.EMPTY;
  private Tensor sumOfProduct = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  NormPass(LayerContext context, Groups own, Groups scaled, double epsilon) {
    this.context = context;
    this.own = own;
    this.scaled = scaled;
    this.epsilon = epsilon;
    ops = Ops.of(context.dtype(), context.threads());
    mean = Tensor.zeros(own.groups());
    deviation = Tensor.zeros(own.groups());
    out = context.newInputBatch();
    normalized = context.newInputBatch();
    scratch = context.newInputBatch();
  }

  /** Puts mean and variance to normalize with into the tensors. */
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

  @Override
  public final Tensor forward(Tensor x) {
    moments(x, mean, deviation);
    use(mean, deviation);
    ops.deviation(deviation, epsilon, deviation);
    ops.normalize(x, own, mean, deviation, normalized);
    ops.scaleAndShift(normalized, scaled, context.parameter(GAMMA), context.parameter(BETA), out);
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    ops.multiply(dout, normalized, scratch);
    scaledSums(scratch, context.gradient(GAMMA));
    scaledSums(dout, context.gradient(BETA));
    ops.scaleGroups(dout, scaled, context.parameter(GAMMA), dx);
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
    sums(dx, sumOfGradient);
    ops.multiply(dx, normalized, scratch);
    sums(scratch, sumOfProduct);
    ops.throughMoments(dx, normalized, own, sumOfGradient, sumOfProduct, deviation);
  }
}
