package org.allclose.layer.image;

import org.allclose.internal.kernel.image.PoolWindows;
import org.allclose.internal.kernel.image.Spans;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** Windows whose number does not depend on how large images are. */
final class GlobalWindows {
  private GlobalWindows() {}

  /** Returns the shape of one number for each channel. */
  static Shape channelsOf(Shape input) {
    if (input.rank() < 2) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, ...) with at least one axis behind the channels but"
              + " got "
              + input);
    }
    return Shape.of(input.axis(0));
  }

  /** Returns one window on all of each channel. */
  static PoolWindows all(Shape input) {
    return new PoolWindows(
        input.axis(0), Spans.adaptive(1, 1), Spans.adaptive(input.size() / input.axis(0), 1));
  }

  /** Returns the shape of images of another size. */
  static Shape resized(Shape input, Extent2d size) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    return Shape.of(input.axis(0), size.height(), size.width());
  }

  /** Returns windows that part images (channels, height, width). */
  static PoolWindows parts(Shape images, Extent2d size) {
    return new PoolWindows(
        images.axis(0),
        Spans.adaptive(images.axis(1), size.height()),
        Spans.adaptive(images.axis(2), size.width()));
  }
}
