package org.allclose.internal.ops;

import org.allclose.tensor.Tensor;

/** Planned pools of windows on a batch of images. Belongs to one caller at a time. */
public interface Pool {

  /** Computes the largest value of each window. */
  void max(Tensor x, Tensor y);

  /** Takes from x the elements that are the largest of their windows in other images. */
  void atMax(Tensor decided, Tensor x, Tensor y);

  /** Computes the gradient of {@link #max} for the input x. */
  void maxGradient(Tensor x, Tensor dy, Tensor dx);

  /** Computes the mean of each window. */
  void mean(Tensor x, Tensor y);

  /** Computes the gradient of {@link #mean}. */
  void meanGradient(Tensor dy, Tensor dx);
}
