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
 * @param ceil whether a rest gets a window of its own
 * @param same whether it pads by itself, for an output for each stride
 */
record Windowed(
    Layer layer, Extent2d size, Extent2d stride, Extent2d padding, boolean ceil, boolean same) {

  /** Strides that are tried where the windows are smaller. */
  private static final int STRIDES = 3;

  /** Returns a layer as one that looks at windows, if it does. */
  static Optional<Windowed> of(Layer layer) {
    if (layer instanceof Conv2d conv) {
      // Of other margins, and of those that follow from the input, no mistake is known.
      return conv.same() || conv.paddingMode() != PaddingMode.ZEROS
          ? Optional.empty()
          : Optional.of(
              new Windowed(
                  conv,
                  spanned(conv.kernel(), conv.dilation()),
                  conv.stride(),
                  conv.padding(),
                  false,
                  false));
    }
    if (layer instanceof MaxPool2d pool) {
      return Optional.of(
          new Windowed(
              pool,
              spanned(pool.size(), pool.dilation()),
              pool.stride(),
              pool.padding(),
              pool.ceil(),
              pool.same()));
    }
    return layer instanceof AveragePool2d pool
        ? Optional.of(
            new Windowed(
                pool, pool.size(), pool.stride(), pool.padding(), pool.ceil(), pool.same()))
        : Optional.empty();
  }

  /** Returns the rows and columns from a window's first place to its last. */
  private static Extent2d spanned(Extent2d size, Extent2d dilation) {
    return new Extent2d(
        (size.height() - 1) * dilation.height() + 1, (size.width() - 1) * dilation.width() + 1);
  }

  /** Returns the same layer with another stride and no padding. */
  Layer unpadded(Extent2d other) {
    if (layer instanceof Conv2d conv) {
      return conv.padding(0).stride(other.height(), other.width()).exact(false);
    }
    return layer instanceof MaxPool2d pool
        ? new MaxPool2d(pool.size())
            .dilation(pool.dilation().height(), pool.dilation().width())
            .stride(other.height(), other.width())
        : new AveragePool2d(size).stride(other.height(), other.width());
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
