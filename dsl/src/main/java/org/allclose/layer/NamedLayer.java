package org.allclose.layer;

import java.util.List;
import org.allclose.tensor.Shape;

/**
 * A layer in its place in a network.
 *
 * @param name its name, unique in the network
 * @param layer its settings
 * @param input the shape of one input sample
 * @param output the shape of one output sample
 */
public record NamedLayer(String name, Layer layer, Shape input, Shape output) {

  /** Returns the parameters of this layer under their names in the network, such as fc1/W. */
  public List<ParameterSpec> parameters() {
    return layer.parameters(input).stream().map(parameter -> parameter.in(name)).toList();
  }
}
