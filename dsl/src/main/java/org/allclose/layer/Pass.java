package org.allclose.layer;

import java.util.List;
import org.allclose.tensor.Tensor;

/**
 * Runs one layer forward and backward over batches of one size, reusing its buffers.
 *
 * <p>Belongs to one caller at a time. A tensor it returns is a buffer of its own that the next call
 * of the same method overwrites, or, where nothing is computed, the one that it was given.
 * Arguments are not checked: the network has checked them. Layers of one input extend {@link
 * UnaryPass}.
 */
public interface Pass {

  /**
   * Computes the output, and keeps what the backward pass needs.
   *
   * @param inputs a batch of each input; not modified; they must stay unchanged until after the
   *     backward pass
   */
  Tensor forward(List<Tensor> inputs);

  /**
   * Computes the gradients of the inputs and of the parameters from the gradient of the output, for
   * the batch of the latest {@link #forward}.
   *
   * @param dout the gradient of the loss with respect to the output; not modified
   * @return the gradient of the loss with respect to each input
   */
  List<Tensor> backwardToInputs(Tensor dout);

  /**
   * Computes the gradients of the parameters alone, for a layer whose inputs nobody trains.
   *
   * @param dout the gradient of the loss with respect to the output; not modified
   */
  default void backwardToParameters(Tensor dout) {
    backwardToInputs(dout);
  }

  /**
   * Returns what tells the terms of this pass's results.
   *
   * <p>The default suits layers that move or scale values; what adds up others has to say so.
   */
  default Terms terms() {
    return Terms.magnitudes();
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
   * Lets go of what {@link #forward} and {@link #backwardToInputs} were given, when the batch is
   * done: nothing of the caller's can be reached from here afterwards. The output and the gradients
   * stay as they are. A pass that keeps an argument overrides this.
   */
  default void release() {}
}
