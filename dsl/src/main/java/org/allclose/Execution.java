package org.allclose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.layer.ChainPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * Runs batches of one size through a network, forward and backward, in buffers that are reused.
 *
 * <p>For one thread at a time. The tensors it returns are its buffers: the next call of the same
 * method overwrites them. {@link Network#evaluate} is the same with results to keep.
 */
public final class Execution {
  private final NetworkSpec spec;
  private final Parameters parameters;
  private final LayerContext binding;
  private final ChainPass pass;
  private final Tensor scoresGradient;
  private final List<Weight> weights = new ArrayList<>();
  private boolean hasScores;
  private boolean hasLoss;
  private boolean hasGradients;
  private Tensor scores = Tensor.EMPTY;
  private Optional<Tensor> inputGradient = Optional.empty();
  private Optional<Parameters> gradients = Optional.empty();

  /** A parameter that regularization acts on. */
  private record Weight(String name, Tensor value) {}

  /**
   * @param fused whether a layer may do the next one's work, so that outputs in between do not come
   *     into being
   */
  Execution(NetworkSpec spec, Parameters parameters, LayerContext binding, boolean fused) {
    this.spec = spec;
    this.parameters = parameters;
    this.binding = binding;
    pass = spec.chain().pass(binding, fused);
    scoresGradient = binding.newBatch(spec.output());
    for (ParameterSpec parameter : spec.parameters()) {
      if (parameter.role() == Role.WEIGHT) {
        weights.add(new Weight(parameter.name(), parameters.get(parameter.name())));
      }
    }
  }

  /** Returns the number of samples in a batch. */
  public int batch() {
    return binding.batch();
  }

  /** Returns what the network is run for. */
  public Mode mode() {
    return binding.mode();
  }

  /**
   * Returns the parameters of the network, the tensors themselves: what an optimizer changes in
   * them, the network computes with from then on.
   */
  public Parameters parameters() {
    return parameters;
  }

  /**
   * Computes the scores of a batch.
   *
   * @param x shape (batch, ...); not modified; it must stay unchanged until after the backward pass
   * @return the scores, shape (batch, ...)
   * @throws ShapeMismatchException if x does not have the input's shape
   * @throws IllegalStateException if a layer needs a random state and there is none
   */
  public Tensor forward(Tensor x) {
    requireShape("x", spec.input(), x);
    scores = pass.forward(x);
    hasScores = true;
    hasLoss = false;
    hasGradients = false;
    return scores;
  }

  /** Runs a batch forward and returns copies of all layers' outputs; wants no layers fused. */
  Map<String, Tensor> outputs(Tensor x) {
    requireShape("x", spec.input(), x);
    return pass.outputs(x);
  }

  /**
   * Computes the loss of the latest scores, regularization included.
   *
   * @throws IllegalStateException if the network has no loss, or nothing was run forward
   * @throws IllegalArgumentException if the targets do not fit the scores
   */
  public double loss(Targets targets) {
    Loss loss =
        spec.loss()
            .orElseThrow(
                () -> new IllegalStateException("loss: expected a network with a loss: " + spec));
    require(hasScores, "loss: expected a forward pass before");
    double value = loss.evaluate(scores, targets, scoresGradient);
    if (spec.l2() != 0) {
      for (Weight weight : weights) {
        value += 0.5 * spec.l2() * Sums.ofSquares(weight.value.unwrap(), weight.value.size());
      }
    }
    hasLoss = true;
    return value;
  }

  /**
   * Computes the gradients of the latest {@link #loss} with respect to input and parameters.
   *
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public void backward() {
    require(hasLoss, "backward: expected a loss before");
    inputGradient = Optional.of(pass.backward(scoresGradient));
    regularize();
    hasGradients = true;
  }

  /**
   * Computes the gradients of the latest {@link #loss} with respect to the parameters alone, which
   * spares the work for the input's.
   *
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public void backwardParameters() {
    require(hasLoss, "backward: expected a loss before");
    inputGradient = Optional.empty();
    pass.backwardParameters(scoresGradient);
    regularize();
    hasGradients = true;
  }

  /**
   * Computes the gradients of input and parameters from a given gradient of the scores, without
   * loss and regularization.
   *
   * @param upstream shape of the scores; not modified
   * @throws IllegalStateException if nothing was run forward
   * @throws ShapeMismatchException if it does not have the shape of the scores
   */
  public void backward(Tensor upstream) {
    require(hasScores, "backward: expected a forward pass before");
    requireShape("upstream gradient", spec.output(), upstream);
    inputGradient = Optional.of(pass.backward(upstream));
    hasGradients = true;
  }

  /**
   * Returns the gradient with respect to the input, shape (batch, ...).
   *
   * @throws IllegalStateException if it was not computed for the latest batch
   */
  public Tensor inputGradient() {
    require(hasGradients, "input gradient: expected a backward pass before");
    return inputGradient.orElseThrow(
        () ->
            new IllegalStateException(
                "input gradient: expected a backward pass of more than the parameters"));
  }

  /**
   * Returns the gradients of all trained parameters under the parameters' names.
   *
   * @throws IllegalStateException if there was no backward pass
   */
  public Parameters gradients() {
    require(hasGradients, "gradients: expected a backward pass before");
    if (gradients.isEmpty()) {
      gradients = Optional.of(inOrder(binding.gradients()));
    }
    return gradients.get();
  }

  /**
   * Returns what the running statistics are to become after the latest forward pass in training
   * mode, under the statistics' names; nothing in inference mode. The network keeps the old ones.
   */
  public Parameters statistics() {
    return inOrder(binding.updates());
  }

  /** Lets go of all that the caller gave: nothing of it can be reached from here afterwards. */
  void release() {
    pass.release();
    scores = Tensor.EMPTY; // without layers that compute, they are the caller's input
    inputGradient = Optional.empty();
    hasScores = false;
    hasLoss = false;
    hasGradients = false;
  }

  private Parameters inOrder(Map<String, Tensor> tensors) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (ParameterSpec parameter : spec.parameters()) {
      if (tensors.containsKey(parameter.name())) {
        ordered.put(parameter.name(), tensors.get(parameter.name()));
      }
    }
    return Parameters.wrap(ordered);
  }

  private void regularize() {
    if (spec.l2() != 0) {
      for (Weight weight : weights) {
        Tensor gradient = binding.gradients().get(weight.name);
        Elementwise.addScaled(gradient.unwrap(), spec.l2(), weight.value.unwrap(), gradient.size());
      }
    }
  }

  private static void require(boolean done, String message) {
    if (!done) {
      throw new IllegalStateException(message);
    }
  }

  private void requireShape(String what, Shape sample, Tensor given) {
    if (!given.shape().isBatchOf(sample) || given.shape().axis(0) != batch()) {
      throw new ShapeMismatchException(
          what + ": expected shape " + sample.prepend(batch()) + " but got " + given.shape());
    }
  }
}
