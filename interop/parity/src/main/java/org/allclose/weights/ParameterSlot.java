package org.allclose.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.NetworkSpec;
import org.allclose.layer.AxisRole;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;

/**
 * A place for a parameter in a network.
 *
 * @param node the layer
 * @param parameter the parameter by its name within the layer
 * @param image the shape of the images whose flattened values the layer is given, if any
 */
record ParameterSlot(Node node, ParameterSpec parameter, Optional<Shape> image) {

  /** Returns the parameter's name in the network. */
  String name() {
    return node.name() + "/" + parameter.name();
  }

  /** Returns the parameter's shape in our layout. */
  Shape shape() {
    return parameter.shape();
  }

  /** Returns whether there is a row for each of the values that the layer is given. */
  boolean isOfValues() {
    AxisRole first = parameter.axes().get(0);
    return first == AxisRole.IN || first == AxisRole.FEATURE;
  }

  /** Returns all places of a network, in the order of its parameters. */
  static List<ParameterSlot> of(NetworkSpec spec) {
    List<ParameterSlot> slots = new ArrayList<>();
    Map<String, Optional<Shape>> images = new HashMap<>();
    spec.inputs().forEach(input -> images.put(input.name(), ifImage(input.shape())));
    for (Node node : spec.layers()) {
      Optional<Shape> image = images.get(node.inputs().get(0));
      List<ParameterSpec> parameters = node.layer().parameters(node.inputShapes());
      parameters.forEach(parameter -> slots.add(new ParameterSlot(node, parameter, image)));
      images.put(node.name(), imageBehind(node, parameters, images));
    }
    return slots;
  }

  /** Returns the shape of the images whose values a layer gives, flattened or as they are. */
  private static Optional<Shape> imageBehind(
      Node node, List<ParameterSpec> parameters, Map<String, Optional<Shape>> images) {
    if (node.output().rank() == 3) {
      return Optional.of(node.output());
    }
    boolean mixes =
        parameters.stream().anyMatch(parameter -> parameter.axes().contains(AxisRole.IN));
    List<Optional<Shape>> given = node.inputs().stream().map(images::get).distinct().toList();
    return mixes || given.size() > 1
        ? Optional.empty()
        : given.get(0).filter(image -> image.size() == node.output().size());
  }

  private static Optional<Shape> ifImage(Shape shape) {
    return shape.rank() == 3 ? Optional.of(shape) : Optional.empty();
  }
}
