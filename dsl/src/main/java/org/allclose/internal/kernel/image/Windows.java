package org.allclose.internal.kernel.image;

/**
 * Where the windows of a convolution or a pool lie on an image.
 *
 * @param channels channels of the image
 * @param vertical along its rows, from top to bottom
 * @param horizontal along its columns, from left to right
 */
public record Windows(int channels, WindowAxis vertical, WindowAxis horizontal) {

  /**
   * Windows with the same padding on both sides, without dilation. A window that does not fit as a
   * whole is left out.
   *
   * @param height rows of the image
   * @param width columns of the image
   * @param kernelHeight rows of a window
   * @param kernelWidth columns of a window
   * @param strideHeight rows from a window to the one below
   * @param strideWidth columns from a window to the next
   * @param paddingHeight rows of zeros above and below the image
   * @param paddingWidth columns of zeros on both sides of the image
   */
  public Windows(
      int channels,
      int height,
      int width,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      int paddingHeight,
      int paddingWidth) {
    this(
        channels,
        WindowAxis.fitting(height, kernelHeight, strideHeight, 1, paddingHeight, paddingHeight),
        WindowAxis.fitting(width, kernelWidth, strideWidth, 1, paddingWidth, paddingWidth));
  }

  /** Returns the same windows on an image of other channels. */
  public Windows withChannels(int others) {
    return new Windows(others, vertical, horizontal);
  }

  /** Returns the same windows on an image that has its padding in it. */
  public Windows onPadded() {
    return new Windows(channels, vertical.onPadded(), horizontal.onPadded());
  }

  /** Returns the rows of the image. */
  public int height() {
    return vertical.length();
  }

  /** Returns the columns of the image. */
  public int width() {
    return horizontal.length();
  }

  /** Returns the rows of a window. */
  public int kernelHeight() {
    return vertical.kernel();
  }

  /** Returns the columns of a window. */
  public int kernelWidth() {
    return horizontal.kernel();
  }

  /** Returns the rows from a window to the one below. */
  public int strideHeight() {
    return vertical.stride();
  }

  /** Returns the columns from a window to the next. */
  public int strideWidth() {
    return horizontal.stride();
  }

  /** Returns the rows of windows. */
  public int outputHeight() {
    return vertical.outputs();
  }

  /** Returns the columns of windows. */
  public int outputWidth() {
    return horizontal.outputs();
  }

  /** Returns the number of windows on a channel. */
  public int outputs() {
    return outputHeight() * outputWidth();
  }

  /** Returns the number of elements in a window of one channel. */
  public int places() {
    return kernelHeight() * kernelWidth();
  }

  /** Returns the number of elements of an image. */
  public int imageSize() {
    return channels * height() * width();
  }

  /**
   * Returns a number of elements, exactly.
   *
   * @throws IllegalArgumentException if no array can have so many
   */
  static int elements(String what, long rows, long columns) {
    if (columns != 0 && rows > Integer.MAX_VALUE / columns) {
      throw new IllegalArgumentException(
          what
              + ": expected at most "
              + Integer.MAX_VALUE
              + " elements but got "
              + rows
              + " x "
              + columns);
    }
    return (int) (rows * columns);
  }
}
