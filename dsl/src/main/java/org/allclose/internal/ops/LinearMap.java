package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.tensor.Tensor;

/**
 * A planned operation that is linear in its input and in its weights, with a bias or without: a
 * matrix product, a convolution, perhaps with ReLU behind it.
 *
 * <p>Belongs to one caller at a time. The weights are those it was planned with, as they are at
 * each call.
 */
public interface LinearMap {

  /**
   * Computes the output of a batch.
   *
   * @param x not modified
   * @param y modified: overwritten
   */
  void forward(Tensor x, Tensor y);

  /**
   * Computes the gradients of weights and bias.
   *
   * @param x the input of the latest {@link #forward}; not modified
   * @param dy the gradient of the linear part's output; not modified
   * @param dw modified: overwritten
   * @param db modified: overwritten; empty if there is no bias
   */
  void parameterGradients(Tensor x, Tensor dy, Tensor dw, Optional<Tensor> db);

  /**
   * Computes the gradient of the input.
   *
   * @param dy the gradient of the linear part's output; not modified
   * @param dx modified: overwritten
   */
  void inputGradient(Tensor dy, Tensor dx);
}
