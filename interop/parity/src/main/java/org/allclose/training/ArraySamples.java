package org.allclose.training;

import org.allclose.internal.text.Tuple;
import org.allclose.jnpy.NpyArray;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.train.Dataset;

/**
 * The rows of a numpy array as samples, kept in their dtype, or in their file if that is mapped,
 * and made doubles batch by batch: {@code x[rows] / divisor}.
 */
public final class ArraySamples implements Dataset.Samples {
  private final NpyArray array;
  private final Shape sample;
  private final double divisor;
  private final int size;

  /**
   * Returns samples.
   *
   * @param array shape (n, ...); for data larger than memory that of an open {@code NpyFile}
   * @param sample the shape of one, which has as many values as a row of the array
   * @param divisor what every value is divided by; 1 for none
   * @throws ShapeMismatchException if the array has no rows of such a size
   * @throws IllegalArgumentException if the divisor is 0 or not finite, or there are too many rows
   */
  public ArraySamples(NpyArray array, Shape sample, double divisor) {
    long[] shape = array.shape();
    long row = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      row *= shape[axis];
    }
    if (shape.length < 1 || row != sample.size()) {
      throw new ShapeMismatchException(
          array.source()
              + ": expected samples of shape "
              + sample
              + " but got an array of shape "
              + Tuple.of(shape));
    }
    if (shape[0] > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          array.source()
              + ": expected at most "
              + Integer.MAX_VALUE
              + " samples but got "
              + shape[0]);
    }
    if (divisor == 0 || !Double.isFinite(divisor)) {
      throw new IllegalArgumentException(
          "divideBy: expected a finite number other than 0 but got " + divisor);
    }
    this.array = array.fortranOrder() ? array.canonical() : array;
    this.sample = sample;
    this.divisor = divisor;
    size = (int) shape[0];
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Shape shape() {
    return sample;
  }

  @Override
  public void copy(int index, Tensor batch, int row) {
    int count = sample.size();
    double[] values = batch.unwrap();
    int offset = row * count;
    array.getDoubles((long) index * count, values, offset, count);
    if (divisor != 1) {
      for (int i = offset; i < offset + count; i++) {
        values[i] /= divisor;
      }
    }
  }
}
