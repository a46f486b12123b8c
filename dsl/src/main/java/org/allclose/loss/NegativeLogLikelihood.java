package org.allclose.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.allclose.internal.ops.Labels;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Negative log-likelihood of scores that are logarithms of probabilities already: {@code sum(w_y *
 * -x_y) / sum(w_y)} over the places that count.
 *
 * <p>Shapes: scores (N, C), N labels from 0 to C - 1, gradient (N, C): {@code -w_y / sum(w_y)} for
 * the right class, else 0. Per position, scores are (N, ..., C) and labels (N, ...). Without
 * weights {@code w_y} is 1; places with the ignored label do not count.
 *
 * <p>Source: the reference's {@code negative_log_likelihood}; PyTorch {@code NLLLoss}, with the
 * classes on the last axis.
 *
 * @param weights a factor for each class, finite and at least 0; none where all count the same
 * @param ignored the label of places that do not count
 * @param perPosition whether scores have more axes before the classes
 * @param reduction what the sum is divided by
 */
public record NegativeLogLikelihood(
    List<Double> weights, Optional<Long> ignored, boolean perPosition, Reduction reduction)
    implements Loss {

  private static final Setting<NegativeLogLikelihood, List<Double>> WEIGHTS =
      ClassWeights.setting("weights", NegativeLogLikelihood::weights);
  private static final Setting<NegativeLogLikelihood, Optional<Long>> IGNORED =
      ClassWeights.ignored(NegativeLogLikelihood::ignored);
  private static final Setting<NegativeLogLikelihood, Boolean> PER_POSITION =
      ClassWeights.perPosition(NegativeLogLikelihood::perPosition);
  private static final Setting<NegativeLogLikelihood, Reduction> REDUCTION =
      Reduction.setting(NegativeLogLikelihood::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<NegativeLogLikelihood> TYPE =
      Type.of(
              "nll",
              NegativeLogLikelihood.class,
              v ->
                  new NegativeLogLikelihood(
                      v.get(WEIGHTS), v.get(IGNORED), v.get(PER_POSITION), v.get(REDUCTION)),
              WEIGHTS,
              IGNORED,
              PER_POSITION,
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new NegativeLogLikelihood(), 4),
                      Sample.of(
                          new NegativeLogLikelihood()
                              .weights(0.5, 2, 1)
                              .ignored(-100)
                              .perPosition(true),
                          2,
                          3)));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public NegativeLogLikelihood {
    weights = List.copyOf(weights);
    WEIGHTS.check(weights);
    IGNORED.check(ignored);
    REDUCTION.check(reduction);
  }

  /** A loss with the defaults. */
  public NegativeLogLikelihood() {
    this(List.of(), Optional.empty(), false, Reduction.DEFAULT);
  }

  /** Returns the same loss with a factor for each class. */
  public NegativeLogLikelihood weights(double... factors) {
    return TYPE.with(this, WEIGHTS, Arrays.stream(factors).boxed().toList());
  }

  /** Returns the same loss in which places with a label do not count. */
  public NegativeLogLikelihood ignored(int label) {
    return TYPE.with(this, IGNORED, Optional.of((long) label));
  }

  /** Returns the same loss of scores with or without axes before the classes. */
  public NegativeLogLikelihood perPosition(boolean each) {
    return TYPE.with(this, PER_POSITION, each);
  }

  /** Returns the same loss with another divisor. */
  public NegativeLogLikelihood reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<NegativeLogLikelihood> type() {
    return TYPE;
  }

  @Override
  public boolean takesLabels() {
    return true;
  }

  @Override
  public OptionalInt ignoredLabel() {
    return ClassWeights.label(ignored);
  }

  @Override
  public void checkScores(Shape scores) {
    ClassWeights.require(scores, perPosition, weights);
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    LossOps ops = LossOps.of(scores.dtype());
    Labels labels = ClassWeights.labels(targets, scores.shape(), weights, ignored);
    double count = ClassWeights.count(reduction, ops, labels, scores.shape(), gradient);
    return ops.negativeLogLikelihood(scores, labels, count, gradient);
  }

  /** Of the loss that of the scores' magnitudes; the gradient's magnitude. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    Tensor sizes = scores.copy();
    Magnitudes.take(sizes);
    double loss = Math.abs(evaluate(sizes, targets, gradient));
    Magnitudes.take(gradient);
    return loss;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
