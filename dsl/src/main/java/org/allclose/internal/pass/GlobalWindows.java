package org.allclose.internal.pass;

import org.allclose.internal.kernel.image.PoolWindows;
import org.allclose.internal.kernel.image.Spans;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.ops.Pool;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** Windows whose number does not depend on how large images are. */
public final class GlobalWindows {
  private GlobalWindows() {}

  /** Returns the shape of one number for each channel. */
  public static Shape channelsOf(Shape input) {
    if (input.rank() < 2) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, ...) with at least one axis behind the channels but"
              + " got "
              + input);
    }
    return Shape.of(input.axis(0));
  }

  /** Plans a pool of one window on all of each channel. */
  public static Pool all(LayerContext context) {
    Shape input = context.input();
    return pool(
        context,
        input.axis(0),
        Spans.adaptive(1, 1),
        Spans.adaptive(input.size() / input.axis(0), 1));
  }

  /** Returns the shape of images of another size. */
  public static Shape resized(Shape input, Extent2d size) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    return Shape.of(input.axis(0), size.height(), size.width());
  }

  /** Plans a pool of windows that part images (channels, height, width). */
  public static Pool parts(LayerContext context, Shape images, Extent2d size) {
    return pool(
        context,
        images.axis(0),
        Spans.adaptive(images.axis(1), size.height()),
        Spans.adaptive(images.axis(2), size.width()));
  }

  private static Pool pool(LayerContext context, int channels, Spans rows, Spans columns) {
    return Ops.of(context.dtype(), context.threads())
        .pool(new PoolWindows(channels, rows, columns), context.batch());
  }
}
