package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** What layers that attend check of their inputs. */
final class Attending {
  private Attending() {}

  /** Returns queries, keys and values: the same input thrice, or three. */
  static List<Shape> three(List<Shape> inputs) {
    Shape first = inputs.get(0);
    return inputs.size() < 3 ? List.of(first, first, first) : inputs.subList(0, 3);
  }

  static void requireSequence(Shape input, int axes) {
    if (input.rank() != axes) {
      throw new ShapeMismatchException(
          "expected input of shape (steps, features) but got " + input);
    }
  }

  /** Refuses a mask that cannot be copied to the scores. */
  static void requireMask(Shape mask, Shape scores) {
    int more = scores.rank() - mask.rank();
    boolean fits = more >= 0;
    for (int axis = 0; fits && axis < mask.rank(); axis++) {
      fits = mask.axis(axis) == 1 || mask.axis(axis) == scores.axis(axis + more);
    }
    if (!fits) {
      throw new ShapeMismatchException(
          "expected a mask that can be copied to the scores " + scores + " but got " + mask);
    }
  }
}
