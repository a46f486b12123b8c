package org.allclose.layer;

import org.allclose.tensor.Tensor;

/**
 * Runs one layer forward and backward over batches of one size, reusing its buffers.
 *
 * <p>Belongs to one caller at a time. A tensor it returns is a buffer of its own that the next call
 * of the same method overwrites. Arguments are not checked: the network has checked them.
 */
public interface Pass {

  /**
   * Computes the output, and keeps what the backward pass needs.
   *
   * @param x a batch of inputs; not modified; it must stay unchanged until after the backward pass
   */
  Tensor forward(Tensor x);

  /**
   * Computes the gradients of the input and of the parameters from the gradient of the output, for
   * the batch of the latest {@link #forward}.
   *
   * @param dout the gradient of the loss with respect to the output; not modified
   * @return the gradient of the loss with respect to the input
   */
  Tensor backward(Tensor dout);

  /**
   * Computes the gradients of the parameters alone, for a layer whose input nobody trains.
   *
   * @param dout the gradient of the loss with respect to the output; not modified
   */
  default void backwardParameters(Tensor dout) {
    backward(dout);
  }

  /**
   * Returns what tells the terms of this pass's results.
   *
   * <p>The default suits layers that move or scale values; what adds up others has to say so.
   */
  default Terms terms() {
    return new Magnitudes();
  }

  /**
   * Returns a pass for batches that are near this one's latest, but for artificial errors.
   *
   * <p>It decides as this one did, which values are positive, largest, dropped, so that its results
   * depend on the batch smoothly; and it adds errors to what is summed on the way to the results.
   * The default suits layers that have neither: the pass itself.
   *
   * @param errors draws the errors
   */
  default Pass disturbed(RoundingErrors errors) {
    return this;
  }

  /**
   * Lets go of what {@link #forward} and {@link #backward} were given, when the batch is done:
   * nothing of the caller's can be reached from here afterwards. The output and the gradients stay
   * as they are. A pass that keeps an argument overrides this.
   */
  default void release() {}
}
