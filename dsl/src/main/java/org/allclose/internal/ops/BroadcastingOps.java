package org.allclose.internal.ops;

import org.allclose.tensor.DType;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Operations on tensors that numpy broadcasts, and sums over axes, which their gradients are. What
 * is said of arguments in {@link Ops} goes for these, too.
 */
public interface BroadcastingOps {

  /** Returns the operations for a dtype. */
  static BroadcastingOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> new Float64BroadcastingOps();
    };
  }

  /** Plans operations on tensors of two shapes. */
  Broadcast broadcast(Shape a, Shape b);

  /** Plans {@code np.sum(x, axis=axes)} of C-ordered tensors. */
  AxesSum sum(Shape x, int... axes);

  /**
   * Plans products of the matrices that tensors are made of.
   *
   * @param a (..., m, k)
   * @param b (..., k, p), of as many axes; leading ones are as long as a's, or one is 1
   * @param threads how many may work on them
   */
  Matmul matmul(Shape a, Shape b, int threads);

  /** Planned products {@code a[i].dot(b[i])}. Belongs to one caller at a time. */
  interface Matmul {

    /** Computes the products. */
    void run(Tensor a, Tensor b, Tensor out);

    /** Computes {@code dout[i].dot(b[i].T)}. */
    void firstGradient(Tensor dout, Tensor b, Tensor out);

    /** Computes {@code a[i].T.dot(dout[i])}. */
    void secondGradient(Tensor a, Tensor dout, Tensor out);
  }

  /**
   * Planned operations on two tensors, whose result has the larger length of each axis; it may be
   * an operand that has its shape. Belongs to one caller at a time.
   */
  interface Broadcast {

    void add(Tensor a, Tensor b, Tensor out);

    void subtract(Tensor a, Tensor b, Tensor out);

    void multiply(Tensor a, Tensor b, Tensor out);

    void divide(Tensor a, Tensor b, Tensor out);

    /** Computes {@code np.maximum(a, b)}. */
    void maximum(Tensor a, Tensor b, Tensor out);

    /** Computes {@code np.minimum(a, b)}. */
    void minimum(Tensor a, Tensor b, Tensor out);

    /** Computes {@code np.where(a < b, 0.0, np.where(a == b, 0.5, 1.0))}. */
    void share(Tensor a, Tensor b, Tensor out);

    /** Computes {@code np.broadcast_to(b, out.shape)}; a is not looked at. */
    void expand(Tensor a, Tensor b, Tensor out);
  }

  /** A planned sum over axes. */
  interface AxesSum {

    /** Computes the sum. */
    void run(Tensor x, Tensor out);
  }
}
