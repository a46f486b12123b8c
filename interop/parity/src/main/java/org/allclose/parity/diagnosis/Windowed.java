package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.layer.Layer;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.layer.image.PaddingMode;
import org.allclose.tensor.Extent2d;

/**
 * A layer that looks at windows of images: a convolution or a pool.
 *
 * @param layer the layer
 * @param size rows and columns of a window, with those between its places
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns of zeros on each side
 */
record Windowed(Layer layer, Extent2d size, Extent2d stride, Extent2d padding) {

  /** Strides that are tried where the windows are smaller. */
  private static final int STRIDES = 3;

  /** Returns a layer as one that looks at windows, if it does. */
  static Optional<Windowed> of(Layer layer) {
    if (layer instanceof Conv2d conv) {
      // Of other margins, and of those that follow from the input, no mistake is known.
      return conv.same() || conv.paddingMode() != PaddingMode.ZEROS
          ? Optional.empty()
          : Optional.of(new Windowed(conv, extent(conv), conv.stride(), conv.padding()));
    }
    if (layer instanceof MaxPool2d pool) {
      return Optional.of(new Windowed(pool, pool.size(), pool.stride(), Extent2d.of(0)));
    }
    return layer instanceof AveragePool2d pool
        ? Optional.of(new Windowed(pool, pool.size(), pool.stride(), Extent2d.of(0)))
        : Optional.empty();
  }

  /** Returns the rows and columns from a window's first place to its last. */
  private static Extent2d extent(Conv2d conv) {
    return new Extent2d(
        (conv.kernel().height() - 1) * conv.dilation().height() + 1,
        (conv.kernel().width() - 1) * conv.dilation().width() + 1);
  }

  /** Returns the same layer with another stride and no padding. */
  Layer unpadded(Extent2d other) {
    if (layer instanceof Conv2d conv) {
      return conv.padding(0).stride(other.height(), other.width()).exact(false);
    }
    return layer instanceof MaxPool2d
        ? new MaxPool2d(size, other, false)
        : new AveragePool2d(size, other, false);
  }

  /** Returns the strides that may be meant, its own first. */
  List<Extent2d> strides() {
    List<Extent2d> strides = new ArrayList<>(List.of(stride, size));
    for (int both = 1; both <= Math.max(STRIDES, longerSide()); both++) {
      strides.add(Extent2d.of(both));
    }
    return strides.stream().distinct().toList();
  }

  /** Returns the paddings of equal sides that may be meant, its own first. */
  List<Extent2d> paddings() {
    List<Extent2d> paddings = new ArrayList<>(List.of(padding));
    for (int both = 0; both <= longerSide() / 2; both++) {
      paddings.add(Extent2d.of(both));
    }
    paddings.add(new Extent2d(size.height() / 2, size.width() / 2));
    return paddings.stream().distinct().toList();
  }

  private int longerSide() {
    return Math.max(size.height(), size.width());
  }
}
