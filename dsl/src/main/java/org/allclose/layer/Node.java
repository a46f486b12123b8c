package org.allclose.layer;

import java.util.List;
import java.util.stream.IntStream;
import org.allclose.tensor.Shape;

/**
 * A layer in its place in a network.
 *
 * @param name its name, unique in the network
 * @param layer its settings
 * @param inputs the names of the layers or inputs whose outputs it takes
 * @param inputShapes the shapes of one sample of each input
 * @param output the shape of one output sample
 */
public record Node(
    String name, Layer layer, List<String> inputs, List<Shape> inputShapes, Shape output) {

  public Node {
    inputs = List.copyOf(inputs);
    inputShapes = List.copyOf(inputShapes);
  }

  /** Returns the shape of one sample of the first input, which it has to have. */
  public Shape input() {
    return inputShapes.get(0);
  }

  /** Returns the parameters of this layer under their names in the network, such as fc1/W. */
  public List<ParameterSpec> parameters() {
    return layer.parameters(inputShapes).stream().map(parameter -> parameter.in(name)).toList();
  }

  /**
   * Returns what the gradients of its inputs are called: the layer's name, or, if it has several
   * inputs, {@code name[0]}, {@code name[1]}, ...; nothing if it has none.
   */
  public List<String> inputPlaces() {
    return inputs.size() == 1
        ? List.of(name)
        : IntStream.range(0, inputs.size()).mapToObj(i -> name + "[" + i + "]").toList();
  }
}
