package org.allclose.internal.pass;

import org.allclose.internal.kernel.image.Windows;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** Where windows lie on images, and whether they fit. */
public final class ImageWindows {
  private ImageWindows() {}

  /**
   * Returns where windows lie on images of the given shape.
   *
   * @throws ShapeMismatchException if the shape is not (channels, height, width), or the padded
   *     image or what its windows hold is too large for an array, or a window is larger than the
   *     padded image, or, where windows must be exact, some rows or columns are left
   */
  public static Windows of(
      Shape input, Extent2d size, Extent2d stride, Extent2d padding, boolean exact) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    int height = padded(input.axis(1), padding.height());
    int width = padded(input.axis(2), padding.width());
    requireArray(input.axis(0), height, width);
    if (size.height() > height || size.width() > width) {
      throw new ShapeMismatchException(
          "expected a window of at most "
              + new Extent2d(height, width)
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
              + new Extent2d(height, width)
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

  private static int padded(int length, int padding) {
    long padded = length + 2L * padding;
    if (padded > Integer.MAX_VALUE) {
      throw new ShapeMismatchException(
          "expected a padded input of at most "
              + Integer.MAX_VALUE
              + " rows or columns but got "
              + padded);
    }
    return (int) padded;
  }

  private static void requireArray(int channels, int height, int width) {
    try {
      Shape.of(channels, height, width);
    } catch (IllegalArgumentException e) {
      throw new ShapeMismatchException("padded input: " + e.getMessage());
    }
  }
}
