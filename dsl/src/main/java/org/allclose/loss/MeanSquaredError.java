package org.allclose.loss;

import org.allclose.internal.kernel.elementwise.Losses;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Mean squared error: {@code sum((x - t) * (x - t)) / size} over all scores of the batch.
 *
 * <p>Shapes: scores and targets (N, ...), gradient as scores: {@code 2 * (x - t) / size}.
 *
 * <p>Source: the reference's {@code mean_squared_error}; PyTorch {@code MSELoss}.
 */
public record MeanSquaredError() implements Loss {

  @Override
  public String type() {
    return "meanSquaredError";
  }

  /** Takes scores of any shape. */
  @Override
  public void checkScores(Shape scores) {}

  @Override
  public double evaluate(Tensor scores, Targets targets, Tensor gradient) {
    return Losses.squaredError(
        scores.unwrap(), targets.values(scores.shape()).unwrap(), scores.size(), gradient.unwrap());
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
    return "mean squared error";
  }
}
