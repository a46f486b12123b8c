package org.allclose.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.layer.AveragePool2d;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Layer;
import org.allclose.layer.MaxPool2d;
import org.allclose.layer.Pair;

/**
 * A layer that looks at windows of images: a convolution or a pool.
 *
 * @param layer the layer
 * @param size rows and columns of a window
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns of zeros on each side
 */
record Windowed(Layer layer, Pair size, Pair stride, Pair padding) {

  /** Strides that are tried where the windows are smaller. */
  private static final int STRIDES = 3;

  /** Returns a layer as one that looks at windows, if it does. */
  static Optional<Windowed> of(Layer layer) {
    if (layer instanceof Conv2d conv) {
      return Optional.of(new Windowed(conv, conv.kernel(), conv.stride(), conv.padding()));
    }
    if (layer instanceof MaxPool2d pool) {
      return Optional.of(new Windowed(pool, pool.size(), pool.stride(), Pair.of(0)));
    }
    return layer instanceof AveragePool2d pool
        ? Optional.of(new Windowed(pool, pool.size(), pool.stride(), Pair.of(0)))
        : Optional.empty();
  }

  /** Returns the same layer with another stride and no padding. */
  Layer unpadded(Pair other) {
    if (layer instanceof Conv2d conv) {
      return conv.padding(0).stride(other.height(), other.width()).exact(false);
    }
    return layer instanceof MaxPool2d
        ? new MaxPool2d(size, other, false)
        : new AveragePool2d(size, other, false);
  }

  /** Returns the strides that may be meant, its own first. */
  List<Pair> strides() {
    List<Pair> strides = new ArrayList<>(List.of(stride, size));
    for (int both = 1; both <= Math.max(STRIDES, longerSide()); both++) {
      strides.add(Pair.of(both));
    }
    return strides.stream().distinct().toList();
  }

  /** Returns the paddings of equal sides that may be meant, its own first. */
  List<Pair> paddings() {
    List<Pair> paddings = new ArrayList<>(List.of(padding));
    for (int both = 0; both <= longerSide() / 2; both++) {
      paddings.add(Pair.of(both));
    }
    paddings.add(new Pair(size.height() / 2, size.width() / 2));
    return paddings.stream().distinct().toList();
  }

  private int longerSide() {
    return Math.max(size.height(), size.width());
  }
}
