package org.allclose.layer.combine;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** What layers of several inputs check of them. */
final class Inputs {
  private Inputs() {}

  static List<Shape> requireSeveral(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new ShapeMismatchException("expected 2 inputs or more but got " + inputs.size());
    }
    return inputs;
  }

  static List<Shape> requireTwo(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new ShapeMismatchException("expected 2 inputs but got " + inputs.size());
    }
    return inputs;
  }

  /** Returns the shape that all inputs have. */
  static Shape requireSame(List<Shape> inputs) {
    if (inputs.stream().distinct().count() > 1) {
      throw new ShapeMismatchException("expected inputs of one shape but got " + inputs);
    }
    return inputs.get(0);
  }
}
