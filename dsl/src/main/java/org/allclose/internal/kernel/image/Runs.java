package org.allclose.internal.kernel.image;

/**
 * Which elements of images lie under consecutive outputs of a convolution, for one place of the
 * kernel: runs of neighbours, {@code stride} apart.
 *
 * <p>Run i holds the outputs {@code target[i]} to {@code target[i] + length[i]}, counted from the
 * first; the element under its first output is {@code source[i]} further than the kernel's place.
 */
public final class Runs {
  final int[] source;
  final int[] target;
  final int[] length;
  int count;

  /**
   * @param outputs the most outputs there can be
   */
  Runs(int outputs) {
    source = new int[outputs];
    target = new int[outputs];
    length = new int[outputs];
  }

  /**
   * Sets the runs of some outputs of a batch.
   *
   * @param w windows on an image
   * @param rowLength elements from a row of an image to the next, padding included
   * @param imageLength elements from an image to the next
   * @param firstImage the image at the beginning of the array that sources refer to
   * @param from the first output, counted through all images
   * @param to the output after the last
   */
  void set(Windows w, int rowLength, int imageLength, int firstImage, int from, int to) {
    int width = w.outputWidth();
    int outputs = w.outputs();
    count = 0;
    for (int p = from; p < to; p += length[count - 1]) {
      int image = p / outputs - firstImage;
      int y = p % outputs / width;
      int x = p % outputs % width;
      source[count] = image * imageLength + y * w.strideHeight() * rowLength + x * w.strideWidth();
      target[count] = p - from;
      length[count] = Math.min(width - x, to - p);
      count++;
    }
  }
}
