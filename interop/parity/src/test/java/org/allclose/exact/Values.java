package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** An array of exact numbers in C order. */
record Values(Shape shape, List<Node> all) {

  Values {
    if (shape.size() != all.size()) {
      throw new IllegalArgumentException(
          "values: expected " + shape.size() + " for shape " + shape + " but got " + all.size());
    }
  }

  static Values of(Tape tape, Tensor tensor) {
    List<Node> all = new ArrayList<>();
    for (double value : tensor.unwrap()) {
      all.add(tape.number(value));
    }
    return new Values(tensor.shape(), all);
  }

  Values map(UnaryOperator<Node> function) {
    return new Values(shape, all.stream().map(function).toList());
  }

  Values reshape(Shape other) {
    return new Values(other, all);
  }

  /** Returns the value at indices along the axes. */
  Node at(int... index) {
    int offset = 0;
    for (int axis = 0; axis < index.length; axis++) {
      offset = offset * shape.axis(axis) + index[axis];
    }
    return all.get(offset);
  }
}
