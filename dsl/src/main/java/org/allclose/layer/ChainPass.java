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

  /** A layer, or two of which the first does the work of both. */
  private record Step(NamedLayer layer, boolean hasParameters, Pass pass) {}

  ChainPass(List<NamedLayer> layers, Binding binding, boolean fused) {
    for (int i = 0; i < layers.size(); ) {
      NamedLayer layer = layers.get(i);
      Binding own = binding.within(layer);
      Optional<Pass> pair =
          fused && i + 1 < layers.size()
              ? layer.layer().passWith(layers.get(i + 1).layer(), own)
              : Optional.empty();
      Pass pass = pair.orElseGet(() -> layer.layer().pass(own));
      steps.add(new Step(layer, !layer.parameters().isEmpty(), pass));
      i += pair.isPresent() ? 2 : 1;
    }
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

  private Tensor backward(Tensor dout, int first) {
    Tensor gradient = dout;
    for (int i = steps.size() - 1; i >= first; i--) {
      gradient = steps.get(i).pass.backward(gradient);
    }
    return gradient;
  }
}
