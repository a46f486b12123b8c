package org.allclose.internal.arrays;

import org.allclose.jnpy.NpyArray;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Arrays of numpy's as tensors. */
public final class ArrayTensors {
  private ArrayTensors() {}

  /**
   * Returns an array as a tensor.
   *
   * @throws IllegalArgumentException if it has more elements than a tensor can have, or an element
   *     is not exactly a double
   */
  public static Tensor of(NpyArray array) {
    try {
      return Tensor.wrap(shape(array), array.toDoubles());
    } catch (ArithmeticException | IllegalStateException e) {
      // A value that is no double, elements that are no numbers, or more of them than an array has.
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Returns the shape of an array as a tensor has it.
   *
   * @throws IllegalArgumentException if it has more elements than a tensor can have
   */
  public static Shape shape(NpyArray array) {
    long[] axes = array.shape();
    int[] shape = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            array.source()
                + ": expected axes of at most "
                + Integer.MAX_VALUE
                + " but got "
                + axes[i]);
      }
      shape[i] = (int) axes[i];
    }
    return Shape.of(shape);
  }
}
