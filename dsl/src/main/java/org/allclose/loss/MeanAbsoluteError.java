package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Mean absolute error: {@code sum(|x - t|) / size} over all scores of the batch.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code sign(x - t) / size}, 0 where
 * they are equal. Another reduction divides by 1, or by N.
 *
 * <p>Source: the reference's {@code mean_absolute_error}; PyTorch {@code L1Loss}.
 *
 * @param reduction what the sum is divided by
 */
public record MeanAbsoluteError(Reduction reduction) implements Loss {

  private static final Setting<MeanAbsoluteError, Reduction> REDUCTION =
      Reduction.setting(MeanAbsoluteError::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<MeanAbsoluteError> TYPE =
      Type.of(
              "meanAbsoluteError",
              MeanAbsoluteError.class,
              v -> new MeanAbsoluteError(v.get(REDUCTION)),
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new MeanAbsoluteError(), 3),
                      Sample.of(new MeanAbsoluteError().reduction(Reduction.SUM), 2, 2)));

  /**
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public MeanAbsoluteError {
    REDUCTION.check(reduction);
  }

  /** A mean. */
  public MeanAbsoluteError() {
    this(Reduction.DEFAULT);
  }

  /** Returns the same loss with another divisor. */
  public MeanAbsoluteError reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<MeanAbsoluteError> type() {
    return TYPE;
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    return LossOps.of(scores.dtype()).absoluteError(scores, values, count, gradient);
  }

  /** Of the loss those of {@code |x| + |t|}; the gradient's magnitude. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    evaluate(scores, targets, gradient);
    Magnitudes.take(gradient);
    Tensor values = targets.values(scores.shape());
    return Magnitudes.sum(scores, values, (x, t) -> Math.abs(x) + Math.abs(t))
        / reduction.count(scores.shape());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
