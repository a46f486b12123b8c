package org.allclose.internal.ops;

import org.allclose.tensor.Tensor;

/** A function of each element of a tensor, and its gradient. */
public interface ElementFunction {

  /** Computes the function of each element. */
  void apply(Tensor x, Tensor y);

  /**
   * Computes the gradient with respect to x.
   *
   * @param dout that with respect to y
   * @param x as {@link #apply} was given
   * @param y as {@link #apply} left it
   */
  void gradient(Tensor dout, Tensor x, Tensor y, Tensor dx);
}
