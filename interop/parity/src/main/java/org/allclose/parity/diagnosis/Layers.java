package org.allclose.parity.diagnosis;

import java.util.Map;
import java.util.Optional;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.tensor.Tensor;

/** Applies layers that have no parameters. */
final class Layers {
  private Layers() {}

  /** Returns what the layer gives for a batch, shape (n, ...); x is not modified. */
  static Tensor apply(Layer layer, Tensor x) {
    Graph graph = Graph.of(x.shape().dropFirst()).append(Optional.of("layer"), () -> layer);
    return NetworkSpec.of(graph).bind(Parameters.wrap(Map.of())).predict(x);
  }
}
