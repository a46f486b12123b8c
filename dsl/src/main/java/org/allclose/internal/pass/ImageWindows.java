package org.allclose.internal.pass;

import org.allclose.internal.kernel.image.WindowAxis;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** Where windows lie on images, and whether they fit. */
public final class ImageWindows {
  private ImageWindows() {}

  /**
   * Returns where windows with the same padding on both sides lie, as {@link #of(Shape,
   * WindowSettings)}.
   */
  public static Windows of(
      Shape input, Extent2d size, Extent2d stride, Extent2d padding, boolean exact) {
    return of(input, WindowSettings.of(size, stride).withPadding(padding, false).withExact(exact));
  }

  /**
   * Returns where windows lie on images of the given shape.
   *
   * @throws ShapeMismatchException if the shape is not (channels, height, width), or the padded
   *     image or what its windows hold is too large for an array, or a window is larger than the
   *     padded image, or, where windows must be exact, some rows or columns are left
   */
  public static Windows of(Shape input, WindowSettings settings) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    Side vertical = Side.vertical(input.axis(1), settings);
    Side horizontal = Side.horizontal(input.axis(2), settings);
    Extent2d padded = new Extent2d(vertical.padded(), horizontal.padded());
    requireArray(input.axis(0), padded);
    if (!vertical.fits() || !horizontal.fits()) {
      throw new ShapeMismatchException(
          "expected a window of at most "
              + padded
              + ", the padded input, but got "
              + span(settings, vertical, horizontal));
    }
    if (settings.exact() && (vertical.rest() != 0 || horizontal.rest() != 0)) {
      throw new ShapeMismatchException(
          "expected windows of "
              + span(settings, vertical, horizontal)
              + " at stride "
              + settings.stride()
              + " to cover the padded input "
              + padded
              + " exactly but some is left over");
    }
    return new Windows(input.axis(0), vertical.axis(), horizontal.axis());
  }

  private static String span(WindowSettings settings, Side vertical, Side horizontal) {
    return settings.dilation().equals(Extent2d.of(1))
        ? settings.size().toString()
        : new Extent2d(vertical.extent(), horizontal.extent())
            + " ("
            + settings.size()
            + " with dilation "
            + settings.dilation()
            + ")";
  }

  private static void requireArray(int channels, Extent2d padded) {
    try {
      Shape.of(channels, padded.height(), padded.width());
    } catch (IllegalArgumentException e) {
      throw new ShapeMismatchException("padded input: " + e.getMessage());
    }
  }

  /** What is said of one of the two directions. */
  private record Side(int length, int size, int stride, int dilation, int before, int after) {

    static Side vertical(int length, WindowSettings s) {
      Side side = new Side(length, s.size().height(), s.stride().height(), s.dilation().height());
      return s.same() ? side.same() : side.with(s.padding().height(), s.padding().height());
    }

    static Side horizontal(int length, WindowSettings s) {
      Side side = new Side(length, s.size().width(), s.stride().width(), s.dilation().width());
      return s.same() ? side.same() : side.with(s.padding().width(), s.padding().width());
    }

    private Side(int length, int size, int stride, int dilation) {
      this(length, size, stride, dilation, 0, 0);
      if ((size - 1L) * dilation + 1 > Integer.MAX_VALUE) {
        throw new ShapeMismatchException(
            "expected windows over at most "
                + Integer.MAX_VALUE
                + " rows or columns but got "
                + size
                + " with dilation "
                + dilation);
      }
    }

    private Side with(int before, int after) {
      long padded = (long) length + before + after;
      if (padded > Integer.MAX_VALUE) {
        throw new ShapeMismatchException(
            "expected a padded input of at most "
                + Integer.MAX_VALUE
                + " rows or columns but got "
                + padded);
      }
      return new Side(length, size, stride, dilation, before, after);
    }

    /** Returns the same with as much padding as makes {@code ceil(length / stride)} windows. */
    private Side same() {
      long outputs = (length + stride - 1L) / stride;
      long padded = Math.max((outputs - 1) * stride + extent(), length);
      int padding = (int) Math.min(padded - length, Integer.MAX_VALUE);
      return with(padding / 2, padding - padding / 2);
    }

    int extent() {
      return WindowAxis.extent(size, dilation);
    }

    int padded() {
      return length + before + after;
    }

    boolean fits() {
      return extent() <= padded();
    }

    int rest() {
      return (padded() - extent()) % stride;
    }

    WindowAxis axis() {
      return WindowAxis.fitting(length, size, stride, dilation, before, after);
    }
  }
}
