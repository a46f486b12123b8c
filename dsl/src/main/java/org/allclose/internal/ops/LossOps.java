package org.allclose.internal.ops;

import org.allclose.tensor.DType;
import org.allclose.tensor.Tensor;

/**
 * Losses of tensors of one dtype, with numpy's bits: each returns the sum of its terms divided by
 * count, and overwrites the gradient, which has the shape of the scores.
 *
 * <p>Of classes, scores are rows, their last axis the classes.
 */
public interface LossOps {

  /** Returns the operations for a dtype; nothing is allocated. */
  static LossOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Float64LossOps.INSTANCE;
    };
  }

  /** Returns the sum of the factors of the rows' labels; scratch is modified. */
  double sumOfFactors(Labels labels, Tensor scratch);

  double softmax(Tensor scores, Labels labels, double count, Tensor gradient);

  /** Of labels that give a part of what is theirs, smoothing, to all classes alike. */
  double smoothedSoftmax(
      Tensor scores, Labels labels, double smoothing, double count, Tensor gradient);

  /**
   * Of probabilities that give a part of what is theirs, smoothing, to all classes alike.
   *
   * @param weights a factor for each class; empty where all count the same
   */
  double smoothedSoftmax(
      Tensor scores,
      Tensor targets,
      double[] weights,
      double smoothing,
      double count,
      Tensor gradient);

  double negativeLogLikelihood(Tensor scores, Labels labels, double count, Tensor gradient);

  double absoluteError(Tensor scores, Tensor targets, double count, Tensor gradient);

  double squaredError(Tensor scores, Tensor targets, double count, Tensor gradient);

  double huber(Tensor scores, Tensor targets, double delta, double count, Tensor gradient);

  double smoothAbsoluteError(
      Tensor scores, Tensor targets, double beta, double count, Tensor gradient);

  double divergence(Tensor scores, Tensor targets, double count, Tensor gradient);

  double divergenceOfLogarithms(Tensor scores, Tensor targets, double count, Tensor gradient);

  /** Of the rows along the last axis. */
  double cosine(Tensor scores, Tensor targets, double epsilon, double count, Tensor gradient);

  double binaryCrossEntropyOfProbabilities(
      Tensor scores, Tensor targets, double count, Tensor gradient);

  double binaryCrossEntropy(Tensor scores, Tensor targets, double count, Tensor gradient);

  /**
   * Of logits with factors along the last axis.
   *
   * @param positive of what speaks for 1; one for each column, or one for all
   * @param weights of each column, or one for all
   */
  double binaryCrossEntropy(
      Tensor scores,
      Tensor targets,
      double[] positive,
      double[] weights,
      double count,
      Tensor gradient);
}
