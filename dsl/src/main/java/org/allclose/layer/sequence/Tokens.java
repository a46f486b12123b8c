package org.allclose.layer.sequence;

import java.util.Arrays;
import org.allclose.internal.ops.SequenceOps;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Tensor;

/** What layers check of the tokens that they are given. */
final class Tokens {
  private Tokens() {}

  /**
   * Refuses tokens that are too large.
   *
   * @param what what they are, in errors
   * @param limit what they have to be below
   */
  static void requireBelow(LayerContext context, String what, Tensor tokens, int limit) {
    int first = SequenceOps.firstTokenFrom(tokens, limit);
    if (first >= 0) {
      throw new IllegalArgumentException(
          "layer '"
              + context.name()
              + "': expected "
              + what
              + " below "
              + limit
              + " but got "
              + (long) tokens.unwrap()[first]
              + " at "
              + Arrays.toString(index(tokens, first)));
    }
  }

  private static int[] index(Tensor tensor, int element) {
    int[] index = new int[tensor.shape().rank()];
    int left = element;
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = left % tensor.shape().axis(axis);
      left /= tensor.shape().axis(axis);
    }
    return index;
  }
}
