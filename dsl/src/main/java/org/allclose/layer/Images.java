package org.allclose.layer;

import org.allclose.kernel.Windows;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** What layers on images check of their input. */
final class Images {
  private Images() {}

  /**
   * Returns where windows lie on images of the given shape.
   *
   * @throws ShapeMismatchException if the shape is not (channels, height, width), or a window is
   *     larger than the padded image, or, where windows must be exact, some rows or columns are
   *     left
   */
  static Windows windows(Shape input, Pair size, Pair stride, Pair padding, boolean exact) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    int height = input.axis(1) + 2 * padding.height();
    int width = input.axis(2) + 2 * padding.width();
    if (size.height() > height || size.width() > width) {
      throw new ShapeMismatchException(
          "expected a window of at most "
              + new Pair(height, width)
              + ", the padded input, but got "
              + size);
    }
    if (exact
        && ((height - size.height()) % stride.height() != 0
            || (width - size.width()) % stride.width() != 0)) {
      throw new ShapeMismatchException(
          "expected windows of "
              + size
              + " at stride "
              + stride
              + " to cover the padded input "
              + new Pair(height, width)
              + " exactly but some is left over");
    }
    return new Windows(
        input.axis(0),
        input.axis(1),
        input.axis(2),
        size.height(),
        size.width(),
        stride.height(),
        stride.width(),
        padding.height(),
        padding.width());
  }
}
