package org.allclose.internal.pass;

import org.allclose.tensor.Extent2d;

/**
 * What a layer says of its windows on images.
 *
 * @param size places of a window, below and beside each other
 * @param stride from a window to the next
 * @param padding on each side
 * @param dilation from a place of a window to the next
 * @param same whether, instead, there is as much padding as makes {@code ceil(length / stride)}
 *     windows, the odd row or column of it at the end, as TensorFlow has it
 * @param exact whether windows must cover the padded input without rest
 */
public record WindowSettings(
    Extent2d size,
    Extent2d stride,
    Extent2d padding,
    Extent2d dilation,
    boolean same,
    boolean exact) {

  /** Windows without padding, whose places lie side by side. */
  public static WindowSettings of(Extent2d size, Extent2d stride) {
    return new WindowSettings(size, stride, Extent2d.of(0), Extent2d.of(1), false, false);
  }

  /** Returns the same windows with padding, or with {@code same}. */
  public WindowSettings withPadding(Extent2d both, boolean orSame) {
    return new WindowSettings(size, stride, both, dilation, orSame, exact);
  }

  /** Returns the same windows with places further apart. */
  public WindowSettings withDilation(Extent2d other) {
    return new WindowSettings(size, stride, padding, other, same, exact);
  }

  /** Returns the same windows that must, or need not, cover the padded input without rest. */
  public WindowSettings withExact(boolean required) {
    return new WindowSettings(size, stride, padding, dilation, same, required);
  }
}
