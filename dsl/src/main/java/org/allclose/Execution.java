package org.allclose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Graph;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.loss.Targets;
import org.allclose.loss.WeightedLoss;
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
  private final LayerContext context;
  private final Ops ops;
  private final GraphPass pass;
  private final Tensor[] inputs;
  private final List<Tensor> arguments;
  private final double[] losses;
  private final List<String> scored;
  private final Map<String, Tensor> lossUpstream = new LinkedHashMap<>();
  private final List<Weight> weights = new ArrayList<>();
  private boolean hasScores;
  private boolean hasLoss;
  private boolean hasGradients;
  private boolean hasInputGradients;
  private Optional<Parameters> gradients = Optional.empty();

  /** A parameter that regularization acts on. */
  private record Weight(String name, Tensor value) {}

  /**
   * @param isFused whether layers may be computed together, so that outputs in between do not come
   *     into being
   * @param decisions inputs by the names of layers that decide by them
   */
  Execution(
      NetworkSpec spec,
      Parameters parameters,
      LayerContext context,
      boolean isFused,
      Map<String, Tensor> decisions) {
    this.spec = spec;
    this.parameters = parameters;
    this.context = context;
    ops = Ops.of(context.dtype(), context.threads());
    pass =
        new GraphPass(spec.graph(), spec.outputs(), context, isFused, decisions, Optional.empty());
    inputs = new Tensor[spec.inputs().size()];
    arguments = Arrays.asList(inputs);
    losses = new double[spec.losses().size()];
    scored = spec.losses().stream().map(WeightedLoss::output).toList();
    for (String output : scored) {
      lossUpstream.put(output, context.newBatch(spec.graph().shapeOf(output)));
    }
    for (ParameterSpec parameter : spec.parameters()) {
      if (parameter.role() == Role.WEIGHT) {
        weights.add(new Weight(parameter.name(), parameters.get(parameter.name())));
      }
    }
  }

  /** Returns the number of samples in a batch. */
  public int batch() {
    return context.batch();
  }

  /** Returns what the network is run for. */
  public Mode mode() {
    return context.mode();
  }

  /**
   * Returns the parameters of the network, the tensors themselves: what an optimizer changes in
   * them, the network computes with from then on.
   */
  public Parameters parameters() {
    return parameters;
  }

  /**
   * Computes the scores of a batch of the one input.
   *
   * @param x shape (batch, ...); not modified; it must stay unchanged until after the backward pass
   * @return the scores, shape (batch, ...)
   * @throws ShapeMismatchException if x does not have the input's shape
   * @throws IllegalStateException if a layer needs a random state and there is none, or the network
   *     has several inputs
   */
  public Tensor forward(Tensor x) {
    spec.requireOneInput();
    requireShape("x", spec.input(), x);
    if (spec.inputs().get(0).isTokens()) {
      NetworkSpec.requireTokens("x", x);
    }
    inputs[0] = x;
    return forward();
  }

  /**
   * Computes the scores of a batch.
   *
   * @param batches by the inputs' names, shapes (batch, ...); not modified; they must stay
   *     unchanged until after the backward pass
   * @return the scores, shape (batch, ...)
   * @throws IllegalArgumentException if they are not the network's inputs
   */
  public Tensor forward(Map<String, Tensor> batches) {
    spec.batchSize(batches);
    for (int i = 0; i < inputs.length; i++) {
      Graph.Input input = spec.inputs().get(i);
      Tensor batch = Objects.requireNonNull(batches.get(input.name()));
      requireShape(input.name(), input.shape(), batch);
      inputs[i] = batch;
    }
    return forward();
  }

  private Tensor forward() {
    pass.forward(arguments);
    hasScores = true;
    hasLoss = false;
    hasGradients = false;
    return pass.value(spec.outputs().get(0));
  }

  /**
   * Returns what the latest forward pass gave for an output of the network.
   *
   * @throws IllegalArgumentException if it is none
   * @throws IllegalStateException if nothing was run forward
   */
  public Tensor output(String name) {
    require(hasScores, "output: expected a forward pass before");
    if (!spec.outputs().contains(name)) {
      throw new IllegalArgumentException(
          "output: expected one of " + spec.outputs() + " but got '" + name + "'");
    }
    return pass.value(name);
  }

  /** Returns copies of what all layers gave in the latest forward pass; wants no layers fused. */
  Map<String, Tensor> layerOutputs() {
    return pass.outputs();
  }

  /**
   * Computes the loss of the latest scores, regularization included.
   *
   * @throws IllegalStateException if the network has no loss, or nothing was run forward
   * @throws IllegalArgumentException if the targets do not fit the scores
   */
  public double loss(Targets targets) {
    if (spec.losses().isEmpty()) {
      throw new IllegalStateException("loss: expected a network with a loss: " + spec);
    }
    require(hasScores, "loss: expected a forward pass before");
    targets.requireOutputs(scored);
    double value = 0;
    for (int i = 0; i < losses.length; i++) { // no iterator is made for each batch
      WeightedLoss term = spec.losses().get(i);
      Tensor gradient = Objects.requireNonNull(lossUpstream.get(term.output()));
      losses[i] =
          term.loss().evaluate(pass.value(term.output()), targets.of(term.output()), gradient);
      if (!term.isPlain()) {
        ops.scale(gradient, term.weight(), gradient);
      }
      double weighted = term.weight() * losses[i];
      value = i == 0 ? weighted : value + weighted;
    }
    if (spec.l2() != 0) {
      for (int i = 0; i < weights.size(); i++) { // no iterator is made for each batch
        value += 0.5 * spec.l2() * ops.sumOfSquares(weights.get(i).value);
      }
    }
    hasLoss = true;
    return value;
  }

  /**
   * Returns one of the losses that the latest {@link #loss} is the sum of, without its weight.
   *
   * @throws IllegalArgumentException if there is no loss of such an output
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public double loss(String output) {
    require(hasLoss, "loss: expected a loss before");
    int index = scored.indexOf(output);
    if (index < 0) {
      throw new IllegalArgumentException(
          "loss: expected one of the outputs " + scored + " but got '" + output + "'");
    }
    return losses[index];
  }

  /**
   * Computes the gradients of the latest {@link #loss} with respect to input and parameters.
   *
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public void backward() {
    require(hasLoss, "backward: expected a loss before");
    pass.backward(lossUpstream);
    regularize();
    hasGradients = true;
    hasInputGradients = true;
  }

  /**
   * Computes the gradients of the latest {@link #loss} with respect to the parameters alone, which
   * spares the work for the input's.
   *
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public void backwardParameters() {
    require(hasLoss, "backward: expected a loss before");
    pass.backwardToParameters(lossUpstream);
    regularize();
    hasGradients = true;
    hasInputGradients = false;
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
    pass.backward(Map.of(spec.outputs().get(0), upstream));
    hasGradients = true;
    hasInputGradients = true;
  }

  /**
   * Computes the gradients of inputs and parameters from given gradients of outputs, without loss
   * and regularization.
   *
   * @param upstream by the outputs' names; not modified
   * @throws IllegalStateException if nothing was run forward
   * @throws ShapeMismatchException if one does not have the shape of its output
   * @throws IllegalArgumentException if one is not of an output
   */
  public void backward(Map<String, Tensor> upstream) {
    require(hasScores, "backward: expected a forward pass before");
    int known = 0;
    for (int i = 0; i < spec.outputs().size(); i++) { // no iterator is made for each batch
      Tensor gradient = upstream.get(spec.outputs().get(i));
      if (gradient != null) {
        requireUpstream(spec.outputs().get(i), gradient);
        known++;
      }
    }
    if (known < upstream.size()) {
      throw new IllegalArgumentException(
          "upstream gradients: expected those of outputs "
              + spec.outputs()
              + " but got "
              + upstream.keySet());
    }
    pass.backward(upstream);
    hasGradients = true;
    hasInputGradients = true;
  }

  /**
   * Returns copies of what each layer gave for its inputs in the latest backward pass; wants no
   * layers fused.
   */
  Map<String, Tensor> layerInputGradients() {
    return pass.inputGradients();
  }

  /**
   * Returns the gradient with respect to the first input, shape (batch, ...).
   *
   * @throws IllegalStateException if it was not computed for the latest batch
   */
  public Tensor inputGradient() {
    return inputGradient(spec.inputs().get(0).name());
  }

  /**
   * Returns the gradient with respect to an input, shape (batch, ...).
   *
   * @throws IllegalArgumentException if there is no such input, or it is of tokens
   * @throws IllegalStateException if it was not computed for the latest batch
   */
  public Tensor inputGradient(String name) {
    require(hasGradients, "input gradient: expected a backward pass before");
    require(
        hasInputGradients, "input gradient: expected a backward pass of more than the parameters");
    return pass.inputGradient(
        spec.graph()
            .input(name)
            .filter(input -> !input.isTokens())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "input gradient: expected an input that has one but got '" + name + "'")));
  }

  /**
   * Returns the gradients of all trained parameters under the parameters' names.
   *
   * @throws IllegalStateException if there was no backward pass
   */
  public Parameters gradients() {
    require(hasGradients, "gradients: expected a backward pass before");
    if (gradients.isEmpty()) {
      gradients = Optional.of(inOrder(context.gradients()));
    }
    return gradients.get();
  }

  /**
   * Returns what the running statistics are to become after the latest forward pass in training
   * mode, under the statistics' names; nothing in inference mode. The network keeps the old ones.
   */
  public Parameters statistics() {
    return inOrder(context.updates());
  }

  /** Lets go of all that the caller gave: nothing of it can be reached from here afterwards. */
  void release() {
    pass.release();
    Arrays.fill(inputs, Tensor.EMPTY);
    hasScores = false;
    hasLoss = false;
    hasGradients = false;
    hasInputGradients = false;
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
      for (int i = 0; i < weights.size(); i++) { // no iterator is made for each batch
        Weight weight = weights.get(i);
        Tensor gradient = context.gradients().get(weight.name);
        ops.addScaled(gradient, spec.l2(), weight.value);
      }
    }
  }

  private void requireUpstream(String name, Tensor gradient) {
    Shape shape = output(name).shape();
    if (!gradient.shape().equals(shape)) {
      throw new ShapeMismatchException(
          (spec.outputs().size() == 1 ? "upstream gradient" : "upstream gradient of '" + name + "'")
              + ": expected shape "
              + shape
              + " but got "
              + gradient.shape());
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
