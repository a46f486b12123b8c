package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Smooth absolute error: with d = x - t, the mean over all scores of {@code 0.5 * d * d / beta}
 * where |d| is below beta, else {@code |d| - 0.5 * beta}.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code d / beta / size} or {@code
 * sign(d) / size}. Another reduction divides by 1, or by N.
 *
 * <p>Source: Girshick, Fast R-CNN, 2015; the reference's {@code smooth_l1}; PyTorch {@code
 * SmoothL1Loss}.
 *
 * @param beta where the square ends and the line begins, at least 0
 * @param reduction what the sum is divided by
 */
public record SmoothL1(double beta, Reduction reduction) implements Loss {

  /** Where the square ends where nothing is said. */
  public static final double DEFAULT_BETA = 1;

  private static final Setting<SmoothL1, Double> BETA =
      Setting.<SmoothL1>number("beta", SmoothL1::beta).notNegative().orElse(DEFAULT_BETA).bare();
  private static final Setting<SmoothL1, Reduction> REDUCTION =
      Reduction.setting(SmoothL1::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<SmoothL1> TYPE =
      Type.of(
              "smoothL1",
              SmoothL1.class,
              v -> new SmoothL1(v.get(BETA), v.get(REDUCTION)),
              BETA,
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new SmoothL1(), 3),
                      Sample.of(new SmoothL1(0.3).reduction(Reduction.SUM), 2, 2)));

  /**
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public SmoothL1 {
    BETA.check(beta);
    REDUCTION.check(reduction);
  }

  /** A mean with another beta. */
  public SmoothL1(double beta) {
    this(beta, Reduction.DEFAULT);
  }

  /** A mean with the defaults. */
  public SmoothL1() {
    this(DEFAULT_BETA, Reduction.DEFAULT);
  }

  /** Returns the same loss whose square ends elsewhere. */
  public SmoothL1 beta(double other) {
    return TYPE.with(this, BETA, other);
  }

  /** Returns the same loss with another divisor. */
  public SmoothL1 reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<SmoothL1> type() {
    return TYPE;
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    return LossOps.of(scores.dtype()).smoothAbsoluteError(scores, values, beta, count, gradient);
  }

  /**
   * Of the loss those of {@code 0.5 * d * d / beta}, or of {@code |d| + 0.5 * beta}; the gradient's
   * magnitude.
   */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    evaluate(scores, targets, gradient);
    Magnitudes.take(gradient);
    Tensor values = targets.values(scores.shape());
    return Magnitudes.sum(scores, values, (x, t) -> term(Math.abs(x - t)))
        / reduction.count(scores.shape());
  }

  private double term(double distance) {
    return distance < beta ? 0.5 * distance * distance / beta : distance + 0.5 * beta;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
