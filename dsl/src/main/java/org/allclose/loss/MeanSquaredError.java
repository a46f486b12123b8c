package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.LossOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Mean squared error: {@code sum((x - t) * (x - t)) / size} over all scores of the batch.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code 2 * (x - t) / size}. Another
 * reduction divides by 1, or by N.
 *
 * <p>Source: the reference's {@code mean_squared_error}; PyTorch {@code MSELoss}.
 *
 * @param reduction what the sum is divided by
 */
public record MeanSquaredError(Reduction reduction) implements Loss {

  private static final Setting<MeanSquaredError, Reduction> REDUCTION =
      Reduction.setting(MeanSquaredError::reduction);

  /** What this kind of loss says of itself. */
  public static final Type<MeanSquaredError> TYPE =
      Type.of(
              "meanSquaredError",
              MeanSquaredError.class,
              v -> new MeanSquaredError(v.get(REDUCTION)),
              REDUCTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new MeanSquaredError(), 3),
                      Sample.of(new MeanSquaredError(), 2, 2, 2),
                      Sample.of(new MeanSquaredError().reduction(Reduction.BATCH_MEAN), 3)));

  /**
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public MeanSquaredError {
    REDUCTION.check(reduction);
  }

  /** A mean. */
  public MeanSquaredError() {
    this(Reduction.DEFAULT);
  }

  /** Returns the same loss with another divisor. */
  public MeanSquaredError reduction(Reduction other) {
    return TYPE.with(this, REDUCTION, other);
  }

  @Override
  public Type<MeanSquaredError> type() {
    return TYPE;
  }

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    Tensor values = targets.values(scores.shape());
    double count = reduction.count(scores.shape());
    return LossOps.of(scores.dtype()).squaredError(scores, values, count, gradient);
  }

  /** The magnitudes of loss and gradient: all terms of the loss are positive. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    double loss = evaluate(scores, targets, gradient);
    Magnitudes.take(gradient);
    return loss;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
