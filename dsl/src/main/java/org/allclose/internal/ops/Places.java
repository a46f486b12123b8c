package org.allclose.internal.ops;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.allclose.internal.kernel.elementwise.IndexedCopy;
import org.allclose.tensor.Shape;

/**
 * Where the elements of a sample come from in another one: for each of its axes a row of offsets,
 * whose sum is the place, in C order. What is rearranged are the rows, not the elements.
 *
 * <p>Immutable.
 */
public final class Places {

  /** An index that stands for no element, but for a constant. */
  public static final int NOWHERE = IndexedCopy.NOWHERE;

  private final int from;
  private final int[][] axes;

  private Places(int from, int[][] axes) {
    this.from = from;
    this.axes = axes;
  }

  /** Returns the places of all elements of a sample. */
  public static Places of(Shape sample) {
    int[][] axes = new int[sample.rank()][];
    int stride = 1;
    for (int axis = axes.length - 1; axis >= 0; axis--) {
      int step = stride;
      axes[axis] = IntStream.range(0, sample.axis(axis)).map(i -> i * step).toArray();
      stride *= sample.axis(axis);
    }
    return new Places(sample.size(), axes);
  }

  /**
   * Returns the same places with their axes in another order: axis i is the old {@code order[i]}.
   */
  public Places permute(int... order) {
    return new Places(
        from, Arrays.stream(order).mapToObj(axis -> axes[axis]).toArray(int[][]::new));
  }

  /**
   * Returns other places along an axis: {@code indices[i]} where i is to be.
   *
   * @param indices of the axis, or {@value #NOWHERE}
   */
  public Places along(int axis, int... indices) {
    int[] old = axes[axis];
    int[][] other = axes.clone();
    other[axis] = Arrays.stream(indices).map(i -> i == NOWHERE ? NOWHERE : old[i]).toArray();
    return new Places(from, other);
  }

  /**
   * Returns the places of numpy's {@code broadcast_to}: axes of length 1 and new first ones are
   * repeated.
   *
   * @param shape one that the places can be repeated to
   */
  public Places expand(Shape shape) {
    int[][] other = new int[shape.rank()][];
    int more = shape.rank() - axes.length;
    for (int axis = 0; axis < other.length; axis++) {
      boolean isRepeated = axis < more || axes[axis - more].length == 1;
      other[axis] = isRepeated ? new int[shape.axis(axis)] : axes[axis - more];
    }
    return new Places(from, other);
  }

  /** Returns the copy of samples' elements from these places. */
  IndexedCopy copy() {
    int size = 1;
    for (int[] axis : axes) {
      size *= axis.length;
    }
    int[] places = new int[size];
    int block = size;
    for (int[] axis : axes) {
      block /= axis.length;
      for (int i = 0, start = 0; start < size; i = i + 1 == axis.length ? 0 : i + 1) {
        for (int end = start + block; start < end; start++) {
          boolean isNowhere = places[start] == NOWHERE || axis[i] == NOWHERE;
          places[start] = isNowhere ? NOWHERE : places[start] + axis[i];
        }
      }
    }
    return new IndexedCopy(from, places);
  }
}
