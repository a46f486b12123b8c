package org.allclose;

import java.util.Map;
import java.util.OptionalDouble;
import org.allclose.tensor.Tensor;

/** The scores of a batch, their loss if there is one, and the gradients of input and parameters. */
public final class Evaluation {
  private final Map<String, Tensor> outputs;
  private final OptionalDouble loss;
  private final Map<String, Tensor> inputGradients;
  private final Parameters gradients;
  private final Parameters statistics;

  Evaluation(
      Map<String, Tensor> outputs,
      OptionalDouble loss,
      Map<String, Tensor> inputGradients,
      Parameters gradients,
      Parameters statistics) {
    this.outputs = outputs;
    this.loss = loss;
    this.inputGradients = inputGradients;
    this.gradients = gradients;
    this.statistics = statistics;
  }

  /** Returns the scores, the first output, shape (n, ...). */
  public Tensor scores() {
    return outputs.values().iterator().next();
  }

  /**
   * Returns an output of the network, shape (n, ...).
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Tensor output(String name) {
    return find("output", outputs, name);
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

  /**
   * Returns the gradient of the loss with respect to the first input, in its shape.
   *
   * @throws IllegalStateException if no input has a gradient
   */
  public Tensor inputGradient() {
    return inputGradients.values().stream()
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("input gradient: expected an input that has one"));
  }

  /**
   * Returns the gradient of the loss with respect to an input, in its shape.
   *
   * @throws IllegalArgumentException if there is none of this name, or it is of tokens
   */
  public Tensor inputGradient(String name) {
    return find("input gradient", inputGradients, name);
  }

  private static Tensor find(String what, Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          what + ": expected one of " + tensors.keySet() + " but got '" + name + "'");
    }
    return tensor;
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
