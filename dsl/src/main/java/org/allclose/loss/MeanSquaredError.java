package org.allclose.loss;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Mean squared error: {@code sum((x - t) * (x - t)) / size} over all scores of the batch.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code 2 * (x - t) / size}.
 *
 * <p>Source: the reference's {@code mean_squared_error}; PyTorch {@code MSELoss}.
 */
public record MeanSquaredError() implements Loss {

  /** What this kind of loss says of itself. */
  public static final Type<MeanSquaredError> TYPE =
      Type.plain("meanSquaredError", MeanSquaredError.class, MeanSquaredError::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new MeanSquaredError(), 3),
                      Sample.of(new MeanSquaredError(), 2, 2, 2)));

  @Override
  public Type<MeanSquaredError> type() {
    return TYPE;
  }

  @Override
  public boolean takesLabels() {
    return false;
  }

  /** Takes scores of any shape. */
  @Override
  public void checkScores(Shape scores) {}

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    return Ops.of(scores.dtype()).squaredError(scores, targets.values(scores.shape()), gradient);
  }

  /** The magnitudes of loss and gradient: all terms of the loss are positive. */
  @Override
  public double terms(Tensor scores, Targets targets, Tensor gradient) {
    double loss = evaluate(scores, targets, gradient);
    double[] terms = gradient.unwrap();
    for (int i = 0; i < terms.length; i++) {
      terms[i] = Math.abs(terms[i]);
    }
    return loss;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
