package org.allclose.internal.pass;

import java.util.Arrays;
import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** Axes of a sample, which does not count the batch: negative ones are counted from the end. */
public final class SampleAxes {
  private SampleAxes() {}

  /**
   * Returns an axis counted from 0.
   *
   * @throws ShapeMismatchException if the sample does not have it
   */
  public static int resolve(int axis, Shape sample) {
    int resolved = axis < 0 ? axis + sample.rank() : axis;
    if (resolved < 0 || resolved >= sample.rank()) {
      throw new ShapeMismatchException(
          "expected input with an axis " + axis + " but got " + sample);
    }
    return resolved;
  }

  /**
   * Returns axes counted from 0, in their order in the sample.
   *
   * @throws ShapeMismatchException if the sample does not have one, or two are the same
   */
  public static int[] resolve(List<Integer> axes, Shape sample) {
    int[] resolved = axes.stream().mapToInt(axis -> resolve(axis, sample)).sorted().toArray();
    if (Arrays.stream(resolved).distinct().count() < resolved.length) {
      throw new ShapeMismatchException(
          "expected axes that differ but got " + axes + " of input " + sample);
    }
    return resolved;
  }

  /**
   * Returns a sample's shape without some of its axes.
   *
   * @param isKept whether they stay, of length 1
   */
  public static Shape without(int[] axes, Shape sample, boolean isKept) {
    int[] lengths = sample.toArray();
    int[] left = new int[lengths.length];
    int count = 0;
    for (int axis = 0; axis < lengths.length; axis++) {
      boolean isLeft = Arrays.binarySearch(axes, axis) < 0;
      if (isLeft || isKept) {
        left[count++] = isLeft ? lengths[axis] : 1;
      }
    }
    return Shape.of(Arrays.copyOf(left, count));
  }
}
