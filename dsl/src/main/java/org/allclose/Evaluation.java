package org.allclose;

import java.util.OptionalDouble;
import org.allclose.tensor.Tensor;

/** The scores of a batch, their loss if there is one, and the gradients of input and parameters. */
public final class Evaluation {
  private final Tensor scores;
  private final OptionalDouble loss;
  private final Tensor inputGradient;
  private final Parameters gradients;
  private final Parameters statistics;

  Evaluation(
      Tensor scores,
      OptionalDouble loss,
      Tensor inputGradient,
      Parameters gradients,
      Parameters statistics) {
    this.scores = scores;
    this.loss = loss;
    this.inputGradient = inputGradient;
    this.gradients = gradients;
    this.statistics = statistics;
  }

  /** Returns the scores, shape (n, ...). */
  public Tensor scores() {
    return scores;
  }

  /**
   * Returns the loss with its regularization.
   *
   * @throws IllegalStateException if the gradients were computed from a given one, without a loss
   */
  public double loss() {
    return loss.orElseThrow(
        () -> new IllegalStateException("loss: expected an evaluation with targets"));
  }

  /** Returns the gradient of the loss with respect to the input, in the input's shape. */
  public Tensor inputGradient() {
    return inputGradient;
  }

  /**
   * Returns the gradient of the loss, regularization included, with respect to one parameter.
   *
   * @param name such as {@code fc1/W}
   * @throws IllegalArgumentException if there is no such parameter
   */
  public Tensor gradient(String name) {
    return gradients.get(name);
  }

  /** Returns the gradients of all parameters, under the parameters' names. */
  public Parameters gradients() {
    return gradients;
  }

  /**
   * Returns what the running statistics become by this batch, under the statistics' names; empty in
   * inference mode. The network keeps the old ones.
   */
  public Parameters statistics() {
    return statistics;
  }
}
