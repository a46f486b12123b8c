package org.allclose.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param parts what the flattened values that the layer is given were, one after another: shapes of
 *     images or sequences, channels first, or of features
 */
record ParameterSlot(Node node, ParameterSpec parameter, List<Shape> parts) {

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
    if (node.inputs().isEmpty() || parameter.axes().isEmpty()) {
      return false;
    }
    AxisRole first = parameter.axes().get(0);
    return first == AxisRole.IN || first == AxisRole.FEATURE;
  }

  /**
   * Returns for each row of ours the row of a framework that keeps channels last: images are
   * (height, width, channels) there, sequences (length, channels).
   */
  int[] rowsOfChannelsLast() {
    int[] rows = new int[parts.stream().mapToInt(Shape::size).sum()];
    int row = 0;
    for (Shape part : parts) {
      int start = row;
      int places = part.size() / part.axis(0);
      int channels = part.rank() == 1 ? 1 : part.axis(0);
      for (int i = 0; i < part.size(); i++) {
        rows[row++] = part.rank() == 1 ? start + i : start + i % places * channels + i / places;
      }
    }
    return rows;
  }

  /** Returns all places of a network, in the order of its parameters. */
  static List<ParameterSlot> of(NetworkSpec spec) {
    List<ParameterSlot> slots = new ArrayList<>();
    Map<String, List<Shape>> given = new HashMap<>();
    spec.inputs().forEach(input -> given.put(input.name(), partsOf(input.shape())));
    for (Node node : spec.layers()) {
      List<Shape> parts =
          node.inputs().isEmpty() ? partsOf(node.output()) : given.get(node.inputs().get(0));
      List<ParameterSpec> parameters = node.layer().parameters(node.inputShapes());
      parameters.forEach(parameter -> slots.add(new ParameterSlot(node, parameter, parts)));
      given.put(node.name(), partsBehind(node, parameters, given));
    }
    return slots;
  }

  /** Returns what the values are that a layer gives, flattened or as they are. */
  private static List<Shape> partsBehind(
      Node node, List<ParameterSpec> parameters, Map<String, List<Shape>> given) {
    boolean mixes =
        parameters.stream().anyMatch(parameter -> parameter.axes().contains(AxisRole.IN));
    if (mixes && node.output().rank() == 2) {
      return List.of(node.output()); // sequences
    }
    if (mixes || node.output().rank() == 3) {
      return partsOf(node.output());
    }
    List<List<Shape>> inputs = node.inputs().stream().map(given::get).toList();
    List<Shape> together = inputs.stream().flatMap(List::stream).toList();
    if (inputs.size() > 1 && size(together) == node.output().size()) {
      return together; // one after another
    }
    List<List<Shape>> kinds = inputs.stream().distinct().toList();
    return kinds.size() == 1 && size(kinds.get(0)) == node.output().size()
        ? kinds.get(0)
        : partsOf(node.output());
  }

  private static int size(List<Shape> parts) {
    return parts.stream().mapToInt(Shape::size).sum();
  }

  /** Returns images as they are, and anything else as features. */
  private static List<Shape> partsOf(Shape shape) {
    return List.of(shape.rank() == 3 ? shape : Shape.of(shape.size()));
  }
}
