package org.allclose.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.tensor.Tensor;

/** Runs the layers of a chain one after another, and backward in the opposite order. */
public final class ChainPass implements Pass {
  private final List<Step> steps = new ArrayList<>();

  /** A layer, or two or three of which the first does the work of all. */
  private record Step(NamedLayer layer, boolean hasParameters, Pass pass) {}

  /** What does the work of some layers. */
  private record Fused(Pass pass, int layers) {}

  ChainPass(List<NamedLayer> layers, LayerContext binding, boolean fused) {
    for (int i = 0; i < layers.size(); ) {
      NamedLayer layer = layers.get(i);
      boolean together = fused && !binding.isObserved();
      Fused step = pass(layers.subList(i, layers.size()), i + 1, binding.within(layer), together);
      steps.add(new Step(layer, !layer.parameters().isEmpty(), step.pass));
      i += step.layers;
    }
  }

  private static Pass single(Layer layer, LayerContext own) {
    Pass plain = layer.pass(own);
    Pass decided = own.decisive().<Pass>map(x -> new DecidedPass(plain, x)).orElse(plain);
    return own.errors()
        .<Pass>map(errors -> new DisturbedPass(layer, decided, own, errors))
        .orElse(decided);
  }

  /** Returns a pass that does the work of the first layer at least, or says why there is none. */
  private static Fused pass(List<NamedLayer> layers, int number, LayerContext own, boolean fused) {
    NamedLayer layer = layers.get(0);
    try {
      layer.output().prepend(own.batch()); // a batch of outputs is to fit an array, first of all
      return (fused ? fuse(layers, own) : Optional.<Fused>empty())
          .orElseGet(() -> new Fused(single(layer.layer(), own), 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "layer " + number + " '" + layer.name() + "': " + e.getMessage(), e);
    }
  }

  /** Returns a pass that does the work of the first two or three layers, if there is one. */
  private static Optional<Fused> fuse(List<NamedLayer> layers, LayerContext own) {
    Layer first = layers.get(0).layer();
    Optional<Fused> three =
        layers.size() < 3
            ? Optional.empty()
            : first
                .passWith(layers.get(1).layer(), layers.get(2).layer(), own)
                .map(pass -> new Fused(pass, 3));
    return three.isPresent() || layers.size() < 2
        ? three
        : first.passWith(layers.get(1).layer(), own).map(pass -> new Fused(pass, 2));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor out = x;
    for (Step step : steps) {
      out = step.pass.forward(out);
    }
    return out;
  }

  /**
   * Computes as {@link #forward} and returns copies of the outputs by the layers' names, in order.
   *
   * @param x a batch of inputs; not modified
   */
  public Map<String, Tensor> outputs(Tensor x) {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Tensor out = x;
    for (Step step : steps) {
      out = step.pass.forward(out);
      outputs.put(step.layer.name(), out.copy());
    }
    return outputs;
  }

  @Override
  public Tensor backward(Tensor dout) {
    return backward(dout, 0);
  }

  /**
   * Computes as {@link #backward} and returns copies of the gradients of the layers' inputs by the
   * layers' names, last layer first.
   *
   * @param dout the gradient of the loss with respect to the output; not modified
   */
  public Map<String, Tensor> inputGradients(Tensor dout) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    Tensor gradient = dout;
    for (int i = steps.size() - 1; i >= 0; i--) {
      gradient = steps.get(i).pass.backward(gradient);
      gradients.put(steps.get(i).layer.name(), gradient.copy());
    }
    return gradients;
  }

  /** The layers before the first that has parameters have nothing to do. */
  @Override
  public void backwardParameters(Tensor dout) {
    int first = 0;
    while (first < steps.size() && !steps.get(first).hasParameters) {
      first++;
    }
    if (first < steps.size()) {
      steps.get(first).pass.backwardParameters(backward(dout, first + 1));
    }
  }

  @Override
  public void release() {
    for (Step step : steps) {
      step.pass.release();
    }
  }

  private Tensor backward(Tensor dout, int first) {
    Tensor gradient = dout;
    for (int i = steps.size() - 1; i >= first; i--) {
      gradient = steps.get(i).pass.backward(gradient);
    }
    return gradient;
  }
}
