package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Huber loss: with d = x - t, the mean over all scores of {@code 0.5 * d * d} where |d| is below
 * delta, else {@code delta * (|d| - 0.5 * delta)}.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code d / size} or {@code sign(d) *
 * delta / size}. Another reduction divides by 1, or by N.
 *
 * <p>Source: Huber, Robust Estimation of a Location Parameter, 1964; the reference's {@code huber};
 * PyTorch {@code HuberLoss}.
 *
 * @param delta where the square ends and the line begins, above 0
 * @param reduction what the sum is divided by
 */
public record Huber(double delta, Reduction reduction) implements Loss {

  /** Where the square ends where nothing is said. */
  public static final double DEFAULT_DELTA = 1;

  private static final Setting<Huber, Double> DELTA =
      Setting.<Huber>number("delta", Huber::delta).positive().orElse(DEFAULT_DELTA).bare();
  private static final Setting<Huber, Reduction> REDUCTION = Reduction.setting(Huber::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<Huber> TYPE =
      Type.of(
              "huber",
              Huber.class,
              v -> new Huber(v.get(DELTA), v.get(REDUCTION)),
              DELTA,
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Huber(), 3),
                      Sample.of(new Huber(0.3).reduction(Reduction.SUM), 2, 2)));

  /**
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public Huber {
    DELTA.check(delta);
    REDUCTION.check(reduction);
  }

  /** A mean with another delta. */
  public Huber(double delta) {
    this(delta, Reduction.DEFAULT);
  }

  /** A mean with the defaults. */
  public Huber() {
    this(DEFAULT_DELTA, Reduction.DEFAULT);
  }

  /** Returns the same loss whose square ends elsewhere. */
  public Huber delta(double other) {
    return TYPE.with(this, DELTA, other);
  }

  /** Returns the same loss with another divisor. */
  public Huber reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<Huber> type() {
    return TYPE;
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    return LossOps.of(scores.dtype()).huber(scores, values, delta, count, gradient);
  }

  /**
   * Of the loss those of {@code 0.5 * d * d}, or of {@code delta * (|d| + 0.5 * delta)}; the
   * gradient's magnitude.
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
    return distance < delta ? 0.5 * distance * distance : delta * (distance + 0.5 * delta);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
