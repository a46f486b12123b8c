package org.allclose.internal.ops;

import org.allclose.tensor.Tensor;

/**
 * Planned copies of the elements of samples x to samples y: each element of y is one of x, or a
 * constant.
 *
 * <p>Belongs to one caller at a time.
 */
public interface Movement {

  /**
   * Computes y.
   *
   * @param constant the value of elements that come from nowhere
   */
  void take(Tensor x, double constant, Tensor y);

  /**
   * Puts the elements of y to where they come from; all others of x stay as they are.
   *
   * @param y not modified
   * @param x modified
   */
  void put(Tensor y, Tensor x);

  /**
   * Computes the gradient of x: a copy if each element is taken at most once, else sums that start
   * from 0, in the order of y.
   */
  void gradient(Tensor dy, Tensor dx);
}
