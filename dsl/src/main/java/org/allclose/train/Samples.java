package org.allclose.train;

import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** The inputs of a data set, from which batches are gathered: in memory, or in a file. */
public interface Samples {

  /** Returns the number of samples. */
  int size();

  /** Returns the shape of one sample. */
  Shape shape();

  /**
   * Copies a sample.
   *
   * @param index from 0 to {@link #size} - 1
   * @param into modified from the offset on
   */
  void copy(int index, double[] into, int offset);

  /**
   * Returns the samples of a tensor along its first axis.
   *
   * @param x shape (n, ...); used itself, not copied
   * @throws ShapeMismatchException if there is no axis beside the first
   */
  static Samples of(Tensor x) {
    if (x.shape().rank() < 2) {
      throw new ShapeMismatchException("samples: expected shape (n, ...) but got " + x.shape());
    }
    Shape shape = x.shape().dropFirst();
    return new Samples() {
      @Override
      public int size() {
        return x.shape().axis(0);
      }

      @Override
      public Shape shape() {
        return shape;
      }

      @Override
      public void copy(int index, double[] into, int offset) {
        System.arraycopy(x.unwrap(), index * shape.size(), into, offset, shape.size());
      }
    };
  }
}
