package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Kullback-Leibler divergence of scores that are logarithms of probabilities: the mean over all
 * scores of {@code t * log(t) - t * x}, 0 where t is 0.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code -t / size}. Another reduction
 * divides by 1, or by N, which makes it the mean of the samples' divergences. Targets can be
 * logarithms as well: {@code exp(t) * (t - x)}, gradient {@code -exp(t) / size}.
 *
 * <p>Source: the reference's {@code kl_divergence}; PyTorch {@code KLDivLoss}.
 *
 * @param logTarget whether targets are logarithms too
 * @param reduction what the sum is divided by
 */
public record KlDivergence(boolean logTarget, Reduction reduction) implements Loss {

  /** Whether targets are logarithms where nothing is said. */
  public static final boolean DEFAULT_LOG_TARGET = false;

  private static final Setting<KlDivergence, Boolean> LOG_TARGET =
      Setting.truth("logTarget", DEFAULT_LOG_TARGET, KlDivergence::logTarget);
  private static final Setting<KlDivergence, Reduction> REDUCTION =
      Reduction.setting(KlDivergence::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<KlDivergence> TYPE =
      Type.of(
              "klDivergence",
              KlDivergence.class,
              v -> new KlDivergence(v.get(LOG_TARGET), v.get(REDUCTION)),
              LOG_TARGET,
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new KlDivergence(), 3),
                      Sample.of(
                          new KlDivergence().logTarget(true).reduction(Reduction.BATCH_MEAN), 4)));

  /**
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public KlDivergence {
    REDUCTION.check(reduction);
  }

  /** A mean with the defaults. */
  public KlDivergence() {
    this(DEFAULT_LOG_TARGET, Reduction.DEFAULT);
  }

  /** Returns the same loss of targets that are logarithms, or are not. */
  public KlDivergence logTarget(boolean are) {
    return TYPE.with(this, LOG_TARGET, are);
  }

  /** Returns the same loss with another divisor. */
  public KlDivergence reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<KlDivergence> type() {
    return TYPE;
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    LossOps ops = LossOps.of(scores.dtype());
    return logTarget
        ? ops.divergenceOfLogarithms(scores, values, count, gradient)
        : ops.divergence(scores, values, count, gradient);
  }

  /** Of the loss those of {@code t * (|log(t)| + |x|)}; the gradient's magnitude. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    evaluate(scores, targets, gradient);
    Magnitudes.take(gradient);
    Tensor values = targets.values(scores.shape());
    return Magnitudes.sum(scores, values, this::term) / reduction.count(scores.shape());
  }

  private double term(double x, double t) {
    double probability = logTarget ? StrictMath.exp(t) : t;
    double logarithm = logTarget ? t : StrictMath.log(t);
    return probability == 0 ? 0 : Math.abs(probability) * (Math.abs(logarithm) + Math.abs(x));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
