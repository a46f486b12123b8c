package org.allclose.internal.ops;

import org.allclose.tensor.Tensor;

/** Planned turns of pairs of features, by angles that grow from step to step. */
public interface Rotation {

  /** Computes {@code a * cos - b * sin} and {@code b * cos + a * sin} of each pair (a, b). */
  void forward(Tensor x, Tensor out);

  /** Turns back: computes {@code a * cos + b * sin} and {@code b * cos - a * sin}. */
  void backward(Tensor dout, Tensor dx);

  /**
   * Computes the sums of the magnitudes that forward and backward have in common, what the rounding
   * of angles does included.
   *
   * @param x magnitudes
   */
  void terms(Tensor x, Tensor out);
}
