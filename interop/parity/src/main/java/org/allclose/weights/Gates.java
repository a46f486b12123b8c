package org.allclose.weights;

import java.util.stream.IntStream;
import org.allclose.internal.axes.Axes;
import org.allclose.tensor.Tensor;

/** The gates of recurrent layers, side by side along the last axis, in the order of a framework. */
enum Gates {
  /** One, whose order is nobody's. */
  ONE(0),
  /** Ours i, f, o, g; PyTorch and Keras have i, f, g, o, where Keras calls the third c. */
  LSTM(0, 1, 3, 2),
  /** Ours and PyTorch's r, z, n. */
  GRU(0, 1, 2),
  /** Ours r, z, n; Keras has z, r, h. */
  KERAS_GRU(1, 0, 2);

  @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
  private final int[] theirs;

  /**
   * @param theirs for each gate of ours, the place of the framework's
   */
  Gates(int... theirs) {
    this.theirs = theirs;
  }

  /** Returns an array whose last axis has the gates, in our order. */
  Tensor toOurs(Tensor array) {
    int last = array.shape().rank() - 1;
    int units = array.shape().axis(last) / theirs.length;
    int[] places =
        IntStream.range(0, units * theirs.length)
            .map(place -> theirs[place / units] * units + place % units)
            .toArray();
    return Axes.take(array, last, places);
  }
}
