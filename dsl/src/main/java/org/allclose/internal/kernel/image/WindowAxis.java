package org.allclose.internal.kernel.image;

/**
 * Where windows lie along one axis of an image: window o begins at {@code o * stride - before}, and
 * its places are {@code dilation} apart.
 *
 * @param length rows, or columns, of the image
 * @param kernel places of a window
 * @param stride from a window to the next
 * @param dilation from a place of a window to the next
 * @param before how much padding there is before the image
 * @param outputs the number of windows; the last ones may reach beyond the image, as far as there
 *     has to be padding
 */
public record WindowAxis(
    int length, int kernel, int stride, int dilation, int before, int outputs) {

  /**
   * Returns as many windows as fit as a whole, numpy's floor division.
   *
   * @param before how much padding there is before the image
   * @param after how much padding there is after it
   */
  public static WindowAxis fitting(
      int length, int kernel, int stride, int dilation, int before, int after) {
    int rest = length + before + after - extent(kernel, dilation);
    return new WindowAxis(length, kernel, stride, dilation, before, rest / stride + 1);
  }

  /** Returns how much of an image a window spans. */
  public static int extent(int kernel, int dilation) {
    return dilation * (kernel - 1) + 1;
  }

  /** Returns the length of the image with all the padding that windows read. */
  public int padded() {
    return Math.max(before + length, (outputs - 1) * stride + extent(kernel, dilation));
  }

  /** Returns the same windows on an image that has its padding in it. */
  WindowAxis onPadded() {
    return new WindowAxis(padded(), kernel, stride, dilation, 0, outputs);
  }

  /** Returns whether there is padding. */
  boolean pads() {
    return padded() > length;
  }

  /** Returns where a place of the first window lies, from the image's begin. */
  int start(int place) {
    return place * dilation - before;
  }

  /** Returns the first output whose element at a place of the window is not before the image. */
  int firstInside(int place) {
    int start = start(place);
    return start >= 0 ? 0 : (-start - 1) / stride + 1;
  }

  /** Returns the output after the last whose element at a place is not beyond the image. */
  int endInside(int place) {
    int last = length - 1 - start(place);
    return last < 0 ? 0 : Math.min(outputs, last / stride + 1);
  }
}
