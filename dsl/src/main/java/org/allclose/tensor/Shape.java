package org.allclose.tensor;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The lengths of an array's axes, outermost first, as numpy's {@code shape}.
 *
 * <p>A shape without axes belongs to a single number. An axis may have length 0.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0], 1);

  private final int[] axes;
  private final int size;

  private Shape(int[] axes, int size) {
    this.axes = axes;
    this.size = size;
  }

  /**
   * Returns the shape with the given axis lengths.
   *
   * @throws IllegalArgumentException if a length is negative, or there are more than {@link
   *     Integer#MAX_VALUE} elements
   */
  public static Shape of(int... axes) {
    if (axes.length == 0) {
      return SCALAR;
    }
    long size = 1;
    boolean empty = false;
    for (int length : axes) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "shape " + text(axes) + ": expected lengths of at least 0 but got " + length);
      }
      size = Math.min(size * length, 1L << 31);
      empty |= length == 0;
    }
    if (empty) {
      size = 0;
    }
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shape "
              + text(axes)
              + ": expected at most "
              + Integer.MAX_VALUE
              + " elements but got "
              + product(axes));
    }
    return new Shape(axes.clone(), (int) size);
  }

  private static BigInteger product(int[] axes) {
    return Arrays.stream(axes)
        .mapToObj(BigInteger::valueOf)
        .reduce(BigInteger.ONE, BigInteger::multiply);
  }

  /** Returns the number of axes. */
  public int rank() {
    return axes.length;
  }

  /**
   * Returns the length of one axis.
   *
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public int axis(int axis) {
    return axes[axis];
  }

  /** Returns the number of elements: the product of the axis lengths, 1 without axes. */
  public int size() {
    return size;
  }

  /** Returns the axis lengths, a copy. */
  public int[] toArray() {
    return axes.clone();
  }

  /** Returns this shape with an axis of the given length put before the others. */
  public Shape prepend(int length) {
    int[] longer = new int[axes.length + 1];
    longer[0] = length;
    System.arraycopy(axes, 0, longer, 1, axes.length);
    return of(longer);
  }

  /**
   * Returns this shape without its first axis.
   *
   * @throws IllegalStateException if there is no axis
   */
  public Shape dropFirst() {
    if (axes.length == 0) {
      throw new IllegalStateException("shape (): expected a first axis");
    }
    return of(Arrays.copyOfRange(axes, 1, axes.length));
  }

  /**
   * Returns this shape with another length of its last axis.
   *
   * @throws IllegalStateException if there is no axis
   */
  public Shape withLast(int length) {
    if (axes.length == 0) {
      throw new IllegalStateException("shape (): expected a last axis");
    }
    int[] other = axes.clone();
    other[other.length - 1] = length;
    return of(other);
  }

  /** Returns whether this is the given shape with one more axis before the others. */
  public boolean isBatchOf(Shape sample) {
    return axes.length == sample.axes.length + 1
        && Arrays.equals(axes, 1, axes.length, sample.axes, 0, sample.axes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(axes, shape.axes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(axes);
  }

  /** Returns the shape as Python prints it: {@code (3, 32, 32)}, {@code (10,)}, {@code ()}. */
  @Override
  public String toString() {
    return text(axes);
  }

  private static String text(int[] axes) {
    return Arrays.stream(axes)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", axes.length == 1 ? ",)" : ")"));
  }
}
