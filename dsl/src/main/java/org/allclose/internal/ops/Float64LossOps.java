package org.allclose.internal.ops;

import org.allclose.internal.kernel.elementwise.ClassLosses;
import org.allclose.internal.kernel.elementwise.ValueLosses;
import org.allclose.tensor.Tensor;

/** Losses in double precision: each operation is a call of the kernels. */
final class Float64LossOps implements LossOps {
  static final LossOps INSTANCE = new Float64LossOps();

  private Float64LossOps() {}

  @Override
  public double sumOfFactors(Labels labels, Tensor scratch) {
    return labels.kernel.sumOfFactors(labels.rows(), scratch.unwrap());
  }

  @Override
  public double softmax(Tensor scores, Labels labels, double count, Tensor gradient) {
    return ClassLosses.softmax(
        scores.unwrap(), labels.kernel, columns(scores), count, gradient.unwrap());
  }

  @Override
  public double smoothedSoftmax(
      Tensor scores, Labels labels, double smoothing, double count, Tensor gradient) {
    return ClassLosses.smoothed(
        scores.unwrap(), labels.kernel, smoothing, columns(scores), count, gradient.unwrap());
  }

  @Override
  public double smoothedSoftmax(
      Tensor scores,
      Tensor targets,
      double[] weights,
      double smoothing,
      double count,
      Tensor gradient) {
    return ClassLosses.smoothed(
        scores.unwrap(),
        targets.unwrap(),
        weights,
        smoothing,
        count,
        columns(scores),
        gradient.unwrap());
  }

  @Override
  public double negativeLogLikelihood(Tensor scores, Labels labels, double count, Tensor gradient) {
    return ClassLosses.negativeLogLikelihood(
        scores.unwrap(), labels.kernel, columns(scores), count, gradient.unwrap());
  }

  @Override
  public double absoluteError(Tensor scores, Tensor targets, double count, Tensor gradient) {
    return ValueLosses.absoluteError(scores.unwrap(), targets.unwrap(), count, gradient.unwrap());
  }

  @Override
  public double squaredError(Tensor scores, Tensor targets, double count, Tensor gradient) {
    return ValueLosses.squaredError(scores.unwrap(), targets.unwrap(), count, gradient.unwrap());
  }

  @Override
  public double huber(Tensor scores, Tensor targets, double delta, double count, Tensor gradient) {
    return ValueLosses.huber(scores.unwrap(), targets.unwrap(), delta, count, gradient.unwrap());
  }

  @Override
  public double smoothAbsoluteError(
      Tensor scores, Tensor targets, double beta, double count, Tensor gradient) {
    return ValueLosses.smoothAbsoluteError(
        scores.unwrap(), targets.unwrap(), beta, count, gradient.unwrap());
  }

  @Override
  public double divergence(Tensor scores, Tensor targets, double count, Tensor gradient) {
    return ValueLosses.divergence(scores.unwrap(), targets.unwrap(), count, gradient.unwrap());
  }

  @Override
  public double divergenceOfLogarithms(
      Tensor scores, Tensor targets, double count, Tensor gradient) {
    return ValueLosses.divergenceOfLogarithms(
        scores.unwrap(), targets.unwrap(), count, gradient.unwrap());
  }

  @Override
  public double binaryCrossEntropyOfProbabilities(
      Tensor scores, Tensor targets, double count, Tensor gradient) {
    return ValueLosses.binaryCrossEntropyOfProbabilities(
        scores.unwrap(), targets.unwrap(), count, gradient.unwrap());
  }

  @Override
  public double binaryCrossEntropy(Tensor scores, Tensor targets, double count, Tensor gradient) {
    return ValueLosses.binaryCrossEntropy(
        scores.unwrap(), targets.unwrap(), count, gradient.unwrap());
  }

  @Override
  public double cosine(
      Tensor scores, Tensor targets, double epsilon, double count, Tensor gradient) {
    return ValueLosses.cosine(
        scores.unwrap(), targets.unwrap(), columns(scores), epsilon, count, gradient.unwrap());
  }

  @Override
  public double binaryCrossEntropy(
      Tensor scores,
      Tensor targets,
      double[] positive,
      double[] weights,
      double count,
      Tensor gradient) {
    return ValueLosses.binaryCrossEntropy(
        scores.unwrap(), targets.unwrap(), positive, weights, count, gradient.unwrap());
  }

  private static int columns(Tensor scores) {
    return scores.shape().axis(scores.shape().rank() - 1);
  }
}
