package org.allclose.internal.kernel.image;

/**
 * Where the windows of a convolution or a pool lie on an image.
 *
 * <p>A window that does not fit as a whole is left out: numpy's floor division.
 *
 * @param channels channels of the image
 * @param height rows of the image
 * @param width columns of the image
 * @param kernelHeight rows of a window
 * @param kernelWidth columns of a window
 * @param strideHeight rows from a window to the one below
 * @param strideWidth columns from a window to the next
 * @param paddingHeight rows of zeros above and below the image
 * @param paddingWidth columns of zeros on both sides of the image
 */
public record Windows(
    int channels,
    int height,
    int width,
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int paddingHeight,
    int paddingWidth) {

  /** Returns the rows of windows. */
  public int outputHeight() {
    return (height + 2 * paddingHeight - kernelHeight) / strideHeight + 1;
  }

  /** Returns the columns of windows. */
  public int outputWidth() {
    return (width + 2 * paddingWidth - kernelWidth) / strideWidth + 1;
  }

  /** Returns the number of windows on a channel. */
  public int outputs() {
    return outputHeight() * outputWidth();
  }

  /** Returns the number of elements in a window of one channel. */
  public int places() {
    return kernelHeight * kernelWidth;
  }

  /** Returns the number of elements of an image. */
  public int imageSize() {
    return channels * height * width;
  }

  /** Returns the first output whose element at a place of the kernel is not left of the image. */
  int firstInside(int place, int padding, int stride) {
    return padding <= place ? 0 : (padding - place - 1) / stride + 1;
  }

  /** Returns the output after the last whose element at a place is not right of the image. */
  int endInside(int place, int padding, int stride, int length, int outputs) {
    int last = length - 1 + padding - place;
    return last < 0 ? 0 : Math.min(outputs, last / stride + 1);
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
