package org.allclose.layer.combine;

import java.util.List;
import java.util.stream.IntStream;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * How numpy broadcasts the samples of several inputs: aligned at the last axis, axes of length 1,
 * or missing ones, are taken as often as the others want. The batch stands apart.
 */
final class Broadcast {
  private Broadcast() {}

  /**
   * Returns the shape of a sample that all broadcast to.
   *
   * @throws ShapeMismatchException if there is none
   */
  static Shape shape(List<Shape> inputs) {
    int rank = inputs.stream().mapToInt(Shape::rank).max().orElseThrow();
    int[] axes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      axes[axis] = 1;
      for (Shape input : inputs) {
        int length = length(input, axis, rank);
        if (length != axes[axis] && length != 1 && axes[axis] != 1) {
          throw new ShapeMismatchException(
              "expected inputs whose axes, from the last, are equal or 1 but got " + inputs);
        }
        axes[axis] = axes[axis] == 1 ? length : axes[axis];
      }
    }
    return Shape.of(axes);
  }

  /** Returns the shape of a batch whose samples have axes of length 1 put before theirs. */
  static Shape aligned(int batch, Shape sample, int rank) {
    int[] axes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      axes[axis] = length(sample, axis, rank);
    }
    return Shape.of(axes).prepend(batch);
  }

  /** Returns the axes of a batch of results along which an input is taken more than once. */
  static int[] repeatedAxes(Shape input, Shape output) {
    int rank = output.rank();
    return IntStream.range(0, rank)
        .filter(axis -> length(input, axis, rank) != output.axis(axis))
        .map(axis -> axis + 1)
        .toArray();
  }

  private static int length(Shape sample, int axis, int rank) {
    int own = axis - (rank - sample.rank());
    return own < 0 ? 1 : sample.axis(own);
  }
}
