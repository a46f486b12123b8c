package org.allclose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.kernel.Elementwise;
import org.allclose.kernel.Parallel;
import org.allclose.kernel.Sums;
import org.allclose.layer.Binding;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.Pass;
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
  private final int batch;
  private final List<Step> steps = new ArrayList<>();
  private final List<Weight> weights = new ArrayList<>();
  private final Tensor scoresGradient;
  private Progress progress = Progress.NOTHING;
  private Tensor scores = Tensor.zeros(0);
  private Tensor inputGradient = Tensor.zeros(0);
  private Optional<Parameters> gradients = Optional.empty();

  /** How far the current batch has come. */
  private enum Progress {
    NOTHING,
    FORWARD,
    LOSS,
    BACKWARD
  }

  /** A layer, or two of which the first does the work of both. */
  private record Step(NamedLayer layer, boolean hasParameters, Binding binding, Pass pass) {}

  /** A parameter that regularization acts on. */
  private record Weight(Binding binding, String name) {}

  /**
   * @param fused whether a layer may do the next one's work, so that outputs in between do not come
   *     into being
   */
  Execution(NetworkSpec spec, Parameters parameters, int batch, Parallel parallel, boolean fused) {
    this.spec = spec;
    this.parameters = parameters;
    this.batch = batch;
    scoresGradient = Tensor.zeros(spec.output().prepend(batch));
    List<NamedLayer> layers = spec.layers();
    for (int i = 0; i < layers.size(); ) {
      NamedLayer layer = layers.get(i);
      Binding binding = new Binding(layer.input(), batch, values(layer), parallel);
      Optional<Pass> pair =
          fused && i + 1 < layers.size()
              ? layer.layer().passWith(layers.get(i + 1).layer(), binding)
              : Optional.empty();
      Pass pass = pair.orElseGet(() -> layer.layer().pass(binding));
      steps.add(new Step(layer, !layer.parameters().isEmpty(), binding, pass));
      i += pair.isPresent() ? 2 : 1;
    }
    for (Step step : steps) {
      for (ParameterSpec parameter : step.layer.layer().parameters(step.layer.input())) {
        if (parameter.role() == Role.WEIGHT) {
          weights.add(new Weight(step.binding, parameter.name()));
        }
      }
    }
  }

  private Map<String, Tensor> values(NamedLayer layer) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (ParameterSpec parameter : layer.layer().parameters(layer.input())) {
      values.put(parameter.name(), parameters.get(parameter.in(layer.name()).name()));
    }
    return values;
  }

  /** Returns the number of samples in a batch. */
  public int batch() {
    return batch;
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
   */
  public Tensor forward(Tensor x) {
    requireShape("x", spec.input(), x);
    Tensor out = x;
    for (Step step : steps) {
      out = step.pass.forward(out);
    }
    scores = out;
    progress = Progress.FORWARD;
    return out;
  }

  /** Runs a batch forward and returns copies of all layers' outputs; wants no layers fused. */
  Map<String, Tensor> outputs(Tensor x) {
    requireShape("x", spec.input(), x);
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Tensor out = x;
    for (Step step : steps) {
      out = step.pass.forward(out);
      outputs.put(step.layer.name(), out.copy());
    }
    return outputs;
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
    require(Progress.FORWARD, "loss: expected a forward pass before");
    double value = loss.evaluate(scores, targets, scoresGradient);
    if (spec.l2() != 0) {
      for (Weight weight : weights) {
        Tensor w = weight.binding.parameter(weight.name);
        value += 0.5 * spec.l2() * Sums.ofSquares(w.unwrap(), w.size());
      }
    }
    progress = Progress.LOSS;
    return value;
  }

  /**
   * Computes the gradients of the latest {@link #loss} with respect to input and parameters.
   *
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public void backward() {
    require(Progress.LOSS, "backward: expected a loss before");
    run(scoresGradient, 0);
    regularize();
  }

  /**
   * Computes the gradients of the latest {@link #loss} with respect to the parameters alone, which
   * spares the work for the input's.
   *
   * @throws IllegalStateException if there was no loss since the latest forward pass
   */
  public void backwardParameters() {
    require(Progress.LOSS, "backward: expected a loss before");
    int first = 0;
    while (first < steps.size() && !steps.get(first).hasParameters) {
      first++;
    }
    if (first < steps.size()) {
      steps.get(first).pass.backwardParameters(run(scoresGradient, first + 1));
    }
    regularize();
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
    require(Progress.FORWARD, "backward: expected a forward pass before");
    requireShape("upstream gradient", spec.output(), upstream);
    run(upstream, 0);
    progress = Progress.BACKWARD;
  }

  /**
   * Returns the gradient with respect to the input, shape (batch, ...).
   *
   * @throws IllegalStateException if there was no backward pass
   */
  public Tensor inputGradient() {
    require(Progress.BACKWARD, "input gradient: expected a backward pass before");
    return inputGradient;
  }

  /**
   * Returns the gradients of all parameters under the parameters' names.
   *
   * @throws IllegalStateException if there was no backward pass
   */
  public Parameters gradients() {
    require(Progress.BACKWARD, "gradients: expected a backward pass before");
    return gradients.orElseGet(this::collectGradients);
  }

  private Parameters collectGradients() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Step step : steps) {
      for (ParameterSpec parameter : step.layer.layer().parameters(step.layer.input())) {
        tensors.put(
            parameter.in(step.layer.name()).name(), step.binding.gradient(parameter.name()));
      }
    }
    gradients = Optional.of(Parameters.wrap(tensors));
    return gradients.get();
  }

  /** Runs the steps from the last to the given one backward; returns the gradient of its input. */
  private Tensor run(Tensor dout, int first) {
    Tensor gradient = dout;
    for (int i = steps.size() - 1; i >= first; i--) {
      gradient = steps.get(i).pass.backward(gradient);
    }
    inputGradient = gradient;
    progress = Progress.BACKWARD;
    return gradient;
  }

  private void regularize() {
    if (spec.l2() != 0) {
      for (Weight weight : weights) {
        Tensor w = weight.binding.parameter(weight.name);
        Tensor dw = weight.binding.gradient(weight.name);
        Elementwise.addScaled(dw.unwrap(), spec.l2(), w.unwrap(), w.size());
      }
    }
  }

  private void require(Progress least, String message) {
    if (progress.compareTo(least) < 0) {
      throw new IllegalStateException(message);
    }
  }

  private void requireShape(String what, Shape sample, Tensor given) {
    if (!given.shape().equals(sample.prepend(batch))) {
      throw new ShapeMismatchException(
          what + ": expected shape " + sample.prepend(batch) + " but got " + given.shape());
    }
  }
}
