package org.allclose;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import org.allclose.tensor.Tensor;

/** The scores of a batch, their loss if there is one, and the gradients of input and parameters. */
public final class Evaluation {
  private final Map<String, Tensor> outputs;
  private final OptionalDouble loss;
  private final Map<String, Double> losses;
  private final Map<String, Tensor> inputGradients;
  private final Map<String, Tensor> layerOutputs;
  private final Map<String, Tensor> layerInputGradients;
  private final Parameters gradients;
  private final Parameters statistics;

  Evaluation(
      Map<String, Tensor> outputs,
      OptionalDouble loss,
      Map<String, Double> losses,
      Map<String, Tensor> inputGradients,
      Map<String, Tensor> layerOutputs,
      Map<String, Tensor> layerInputGradients,
      Parameters gradients,
      Parameters statistics) {
    this.outputs = outputs;
    this.loss = loss;
    this.losses = losses;
    this.inputGradients = inputGradients;
    this.layerOutputs = Collections.unmodifiableMap(layerOutputs);
    this.layerInputGradients = Collections.unmodifiableMap(layerInputGradients);
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
   * Returns the loss with its regularization; of several losses, the weighted sum.
   *
   * @throws IllegalStateException if the gradients were computed from a given one, without a loss
   */
  public double loss() {
    return loss.orElseThrow(
        () -> new IllegalStateException("loss: expected an evaluation with targets"));
  }

  /** Returns whether there is a loss: gradients were not computed from a given one. */
  public boolean hasLoss() {
    return loss.isPresent();
  }

  /**
   * Returns the loss of one output, without its weight and regularization.
   *
   * @throws IllegalArgumentException if no loss is taken of such an output
   */
  public double loss(String output) {
    return find("loss", losses, output);
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

  /**
   * Returns what each layer gave, by the layers' names, in order; nothing unless the network is
   * {@link Network#tracing}.
   */
  public Map<String, Tensor> layerOutputs() {
    return layerOutputs;
  }

  /**
   * Returns the gradient of the loss with respect to each layer's input, in the layers' order,
   * under the layer's name or, if it has several inputs, {@code name[0]}, {@code name[1]}, ...;
   * nothing unless the network is {@link Network#tracing}.
   */
  public Map<String, Tensor> layerInputGradients() {
    return layerInputGradients;
  }

  private static <T> T find(String what, Map<String, T> values, String name) {
    T value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          what + ": expected one of " + values.keySet() + " but got '" + name + "'");
    }
    return value;
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
