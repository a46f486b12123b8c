package org.allclose.layer.combine;

import org.allclose.internal.pass.SampleAxes;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** Axes of samples, which layers name by their numbers, and shapes that differ in one of them. */
final class Axes {

  /** The axis of layers where nothing is said. */
  static final int DEFAULT = 0;

  private Axes() {}

  /**
   * Returns the length of an axis.
   *
   * @throws ShapeMismatchException if there is no such axis
   */
  static int length(Shape input, int axis) {
    return input.axis(SampleAxes.resolve(axis, input));
  }

  /** Returns a shape with another length of an axis. */
  static Shape with(Shape input, int axis, long length) {
    if (length > Integer.MAX_VALUE) {
      throw new ShapeMismatchException(
          "expected an axis of at most " + Integer.MAX_VALUE + " but got " + length);
    }
    int[] axes = input.toArray();
    axes[axis] = (int) length;
    return Shape.of(axes);
  }

  /** Returns a shape without an axis. */
  static Shape without(Shape input, int axis) {
    int[] axes = new int[input.rank() - 1];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = input.axis(i < axis ? i : i + 1);
    }
    return Shape.of(axes);
  }

  /** Returns a shape with one axis more. */
  static Shape inserting(Shape input, int axis, int length) {
    int[] axes = new int[input.rank() + 1];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i == axis ? length : input.axis(i < axis ? i : i - 1);
    }
    return Shape.of(axes);
  }
}
