package org.allclose.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.NetworkSpec;
import org.allclose.layer.Chain;
import org.allclose.layer.Dense;
import org.allclose.layer.Layer;
import org.allclose.layer.NamedLayer;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Residual;
import org.allclose.tensor.Shape;

/**
 * A place for a parameter in a network.
 *
 * @param layer the layer's name, with those of the blocks it lies in before it
 * @param kind the layer
 * @param parameter the parameter's name within the layer
 * @param shape its shape in our layout
 * @param image the shape of the images whose flattened values the layer is given, if any
 */
record ParameterSlot(
    String layer, Layer kind, String parameter, Shape shape, Optional<Shape> image) {

  /** Returns the parameter's name in the network. */
  String name() {
    return layer + "/" + parameter;
  }

  /** Returns all places of a network, in the order of its parameters. */
  static List<ParameterSlot> of(NetworkSpec spec) {
    List<ParameterSlot> slots = new ArrayList<>();
    collect(spec.chain(), "", slots);
    return slots;
  }

  private static void collect(Chain chain, String prefix, List<ParameterSlot> slots) {
    Optional<Shape> image = Optional.empty();
    for (NamedLayer named : chain.layers()) {
      String path = prefix + named.name();
      if (named.input().rank() == 3) {
        image = Optional.of(named.input());
      } else if (image.isPresent() && image.get().size() != named.input().size()) {
        // Something else has changed the values in between.
        image = Optional.empty();
      }
      if (named.layer() instanceof Residual block) {
        collect(block.body(), path + "/", slots);
        continue;
      }
      for (ParameterSpec parameter : named.layer().parameters(named.input())) {
        slots.add(
            new ParameterSlot(path, named.layer(), parameter.name(), parameter.shape(), image));
      }
      if (named.layer() instanceof Dense) {
        image = Optional.empty();
      }
    }
  }
}
