package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.allclose.tensor.Shape;

/** The weights W of a layer, which may be computed of directions v and sizes g. */
final class ExactWeights {
  private ExactWeights() {}

  /**
   * Returns W, or {@code v * g / sqrt(sum(v * v))} of each unit.
   *
   * @param name of the layer, with the slash that parameters have behind it
   * @param axis which axis of the weights counts units, the first or, of a matrix, the last
   */
  static Values of(Tape tape, Map<String, Values> parameters, String name, int axis) {
    if (!parameters.containsKey(name + "v")) {
      return parameters.get(name + "W");
    }
    Values v = parameters.get(name + "v");
    Shape shape = v.shape();
    int units = shape.axis(axis);
    int width = shape.size() / units;
    List<List<Node>> rows = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      rows.add(new ArrayList<>());
    }
    for (int i = 0; i < shape.size(); i++) {
      rows.get(axis == 0 ? i / width : i % units).add(v.all().get(i));
    }
    List<Node> scales = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      Node norm = tape.sqrt(tape.dot(rows.get(unit), rows.get(unit)));
      scales.add(tape.dividedBy(parameters.get(name + "g").at(unit), norm));
    }
    List<Node> w = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      w.add(tape.times(v.all().get(i), scales.get(axis == 0 ? i / width : i % units)));
    }
    return new Values(shape, w);
  }
}
