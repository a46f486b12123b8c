package org.allclose.internal.ops;

import org.allclose.tensor.DType;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Operations along axes of tensors. What is said of arguments in {@link Ops} goes for these, too.
 */
public interface ReductionOps {

  /** Returns the operations for a dtype. */
  static ReductionOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> new Float64ReductionOps();
    };
  }

  /** Plans to find the largest or smallest elements along axes of C-ordered tensors. */
  Extreme extreme(Shape x, int... axes);

  /** Computes {@code out = x / divisor}; they may be the same. */
  void divide(Tensor x, double divisor, Tensor out);

  /**
   * Transposes each of the matrices that one tensor is made of.
   *
   * @param x (matrices, rows, columns)
   * @param out (matrices, columns, rows), another tensor than x
   */
  void transposeEach(Tensor x, int matrices, int rows, int columns, Tensor out);

  /**
   * Computes {@code d - np.log(np.sum(np.exp(d), axis=1))} of the rows, d being x less the largest.
   */
  void logSoftmax(Tensor x, Tensor y);

  /**
   * Computes {@code dx = dout - np.exp(y) * np.sum(dout, axis=1)} of the rows.
   *
   * @param sums one for each row; modified
   */
  void logSoftmaxGradient(Tensor dout, Tensor y, Tensor sums, Tensor dx);

  /** A planned search along axes. */
  interface Extreme {

    /** Returns the number of elements of the result. */
    int resultSize();

    /** Finds the first of the largest elements; places in x, one for each result, are modified. */
    void largest(Tensor x, int[] places);

    /** Finds the first of the smallest elements; places in x, one for each result, are modified. */
    void smallest(Tensor x, int[] places);

    /** Computes {@code out[i] = x[places[i]]}. */
    void take(Tensor x, int[] places, Tensor out);

    /** Computes {@code dx[places[i]] = dout[i]}, and 0 elsewhere. */
    void put(Tensor dout, int[] places, Tensor dx);

    /** Computes {@code dx = dout * mask / np.sum(mask)}, mask being where x is y. */
    void share(Tensor dout, Tensor x, Tensor y, Tensor dx);
  }
}
