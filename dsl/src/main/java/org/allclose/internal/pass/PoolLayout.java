package org.allclose.internal.pass;

import org.allclose.internal.kernel.image.PoolWindows;
import org.allclose.internal.kernel.image.Spans;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.ops.Pool;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * Where the windows of a pool lie, as PyTorch and TensorFlow have it.
 *
 * @param size rows and columns of a window
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns on each side
 * @param dilation rows and columns from an element of a window to the next
 * @param ceil whether there is a window more for a rest, if it starts before the padding behind
 * @param same whether padding makes as many windows as strides fit, more of it behind
 * @param exact whether windows must cover the padded input without rest
 */
public record PoolLayout(
    Extent2d size,
    Extent2d stride,
    Extent2d padding,
    Extent2d dilation,
    boolean ceil,
    boolean same,
    boolean exact) {

  private static final Extent2d ONE = Extent2d.of(1);

  /** Returns the windows on rows of one column each: those of a pool of sequences. */
  public static PoolLayout ofSequences(
      int size, int stride, int padding, int dilation, boolean ceil, boolean same, boolean exact) {
    return new PoolLayout(
        new Extent2d(1, size),
        new Extent2d(1, stride),
        new Extent2d(0, padding),
        new Extent2d(1, dilation),
        ceil,
        same,
        exact);
  }

  /** Returns sequences (channels, length) as images of one row. */
  public static Shape imagesOf(Shape sequences) {
    if (sequences.rank() != 2) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, length) but got " + sequences);
    }
    return Shape.of(sequences.axis(0), 1, sequences.axis(1));
  }

  /**
   * Checks settings that are fine by themselves and may not be together.
   *
   * @param others whether padding, {@link #ceil} or {@link #exact} is said
   * @throws IllegalArgumentException if {@code same} is said beside one of them
   */
  public static void check(boolean same, boolean others) {
    if (same && others) {
      throw new IllegalArgumentException(
          "same: expected neither padding, ceil nor exact beside it, since it pads by itself");
    }
  }

  private static Extent2d span(Extent2d size, Extent2d dilation) {
    return new Extent2d(
        span(size.height(), dilation.height()), span(size.width(), dilation.width()));
  }

  private static int span(int size, int dilation) {
    return (int) Math.min(Integer.MAX_VALUE, (size - 1L) * dilation + 1);
  }

  /**
   * Returns the shape (channels, OH, OW) for images of the given shape.
   *
   * @throws ShapeMismatchException if the padding is more than half of a window, or the shape is
   *     not (channels, height, width), or the padded image is too large for an array, or a window
   *     is larger, or has nothing of the image, or, where windows must be exact, some rows or
   *     columns are left
   */
  public Shape outputShape(Shape images) {
    Extent2d span = span(size, dilation);
    if (padding.height() > span.height() / 2 || padding.width() > span.width() / 2) {
      throw new ShapeMismatchException(
          "expected a padding of at most half of the window " + span + " but got " + padding);
    }
    if (same || (ceil && !exact)) {
      ImageWindows.of(images, ONE, ONE, padding, false);
    } else {
      ImageWindows.of(images, span, stride, padding, exact);
    }
    Axis rows = rows(images);
    Axis columns = columns(images);
    if (rows.outputs() < 1 || columns.outputs() < 1) {
      throw new ShapeMismatchException(
          "expected a window of at most "
              + new Extent2d(rows.most(), columns.most())
              + ", the padded input and a rest, but got "
              + span);
    }
    if (rows.hasEmpty() || columns.hasEmpty()) {
      throw new ShapeMismatchException(
          "expected windows with some of the input in each but got windows of "
              + size
              + " at dilation "
              + dilation
              + " on an input of "
              + new Extent2d(images.axis(1), images.axis(2)));
    }
    return Shape.of(images.axis(0), rows.outputs(), columns.outputs());
  }

  /**
   * Plans the pool on images of a shape that {@link #outputShape} takes.
   *
   * @param countPadding whether windows count the padding that is in them
   */
  public Pool pool(LayerContext context, Shape images, boolean countPadding) {
    PoolWindows windows =
        new PoolWindows(
            images.axis(0), rows(images).spans(countPadding), columns(images).spans(countPadding));
    return Ops.of(context.dtype(), context.threads()).pool(windows, context.batch());
  }

  private Axis rows(Shape images) {
    return new Axis(
        images.axis(1),
        size.height(),
        stride.height(),
        padding.height(),
        dilation.height(),
        ceil,
        same);
  }

  private Axis columns(Shape images) {
    return new Axis(
        images.axis(2),
        size.width(),
        stride.width(),
        padding.width(),
        dilation.width(),
        ceil,
        same);
  }

  /** The windows along one axis. */
  private record Axis(
      int length, int size, int stride, int padding, int dilation, boolean ceil, boolean same) {

    int span() {
      return PoolLayout.span(size, dilation);
    }

    /** The longest window that fits. */
    int most() {
      return (int) Math.min(Integer.MAX_VALUE, length + 2L * padding + stride - 1);
    }

    int outputs() {
      if (same) {
        return (length - 1) / stride + 1;
      }
      long left = length + 2L * padding - span();
      if (!ceil) {
        return (int) (left / stride) + 1;
      }
      int outputs = (int) Math.floorDiv(left + stride - 1, (long) stride) + 1;
      // PyTorch: a window that would start in the padding behind is left out.
      return (outputs - 1L) * stride >= (long) length + padding ? outputs - 1 : outputs;
    }

    int before() {
      return same ? (int) (Math.max((outputs() - 1L) * stride + span() - length, 0) / 2) : padding;
    }

    /** Returns whether all elements of a window are outside, of which the first can be. */
    boolean hasEmpty() {
      for (long start = -before(); start < 0; start += stride) {
        long first = start + (-start + dilation - 1) / dilation * dilation;
        if (first >= Math.min(length, start + span())) {
          return true;
        }
      }
      return false;
    }

    Spans spans(boolean countPadding) {
      int before = before();
      Spans spans =
          Spans.of(
              length,
              outputs(),
              dilation,
              k -> k * stride - before,
              k -> (int) Math.min(length, (long) k * stride - before + span()));
      return countPadding && !same ? spans.countingPadding(size, padding) : spans;
    }
  }
}
