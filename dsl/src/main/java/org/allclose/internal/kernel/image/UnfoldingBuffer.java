package org.allclose.internal.kernel.image;

import java.util.Arrays;

/**
 * Some columns of the unfolded images of a convolution, and what is needed to come by them: the
 * buffers of one thread at a time.
 *
 * <p>Images with padding are copied into their padding first, so that every place of a window is
 * the same image, shifted.
 */
final class UnfoldingBuffer {
  private static final ImageKernel LOOPS = ImageKernel.CHOSEN;

  /** Elements from a row of a buffer to the next: an odd number of cache lines. */
  final int ld;

  /** The columns: a row for each place of the window, and one more. */
  final double[] unfolded;

  private final Windows w;
  private final int images;
  private final int rowLength;
  private final int imageLength;
  private final boolean pads;
  private final Runs runs;
  private double[] padded = {};
  private double[] rows = {};
  private double[] sums = {};
  private int firstLoaded;
  private int endLoaded;

  /**
   * @param images the number of images in a batch
   * @param columns how many columns there can be
   */
  UnfoldingBuffer(Windows windows, int images, int columns) {
    w = windows;
    this.images = images;
    ld = oddLines(columns);
    unfolded = new double[unfoldedSize(windows, ld)];
    pads = w.vertical().pads() || w.horizontal().pads();
    rowLength = w.horizontal().padded();
    imageLength = w.channels() * w.vertical().padded() * rowLength;
    runs = new Runs(ld);
  }

  /**
   * Checks that there can be such a buffer.
   *
   * @throws IllegalArgumentException if no array is large enough
   */
  static void requireRoom(Windows windows, int images, int columns) {
    int ld = oddLines(columns);
    unfoldedSize(windows, ld);
    long padded = (long) windows.vertical().padded() * windows.horizontal().padded();
    int image = Windows.elements("padded image", windows.channels(), padded);
    Windows.elements("padded images", Math.min(images, ld / windows.outputs() + 2), image);
  }

  private static int unfoldedSize(Windows windows, int ld) {
    return Windows.elements(
        "unfolded images", (long) windows.channels() * windows.places() + 1, ld);
  }

  /**
   * Returns the least number of elements that make an odd number of cache lines, at least the given
   * one: rows that far apart do not compete for the same places of the cache.
   */
  static int oddLines(int elements) {
    return 8 * ((elements + 7) / 8 | 1);
  }

  /** Returns a buffer of rows as long as these. */
  double[] rows(int count) {
    if (rows.length < count * ld) {
      rows = new double[count * ld];
    }
    return rows;
  }

  /** Returns a buffer of any elements. */
  double[] sums(int count) {
    if (sums.length < count) {
      sums = new double[count];
    }
    return sums;
  }

  /** Forgets which images are padded: they may have changed, or have been folded. */
  void unload() {
    firstLoaded = 0;
    endLoaded = 0;
  }

  /**
   * Unfolds some places of some columns.
   *
   * @param x (n, C, H, W); not modified
   */
  void unfold(double[] x, int firstPlace, int endPlace, int from, int to) {
    double[] source = x;
    if (pads) {
      load(x, from / w.outputs(), (to - 1) / w.outputs() + 1);
      source = padded;
    }
    runs.set(w, rowLength, imageLength, pads ? firstLoaded : 0, from, to);
    for (int k = firstPlace; k < endPlace; k++) {
      LOOPS.copyRuns(runs, source, offset(k), w.strideWidth(), unfolded, (k - firstPlace) * ld);
    }
  }

  /** Begins to add up the gradient of an image, which is 0 at first. */
  void beginImage(double[] dx, int image) {
    if (pads) {
      reserve(1);
      Arrays.fill(padded, 0, imageLength, 0.0);
    } else {
      Arrays.fill(dx, image * imageLength, (image + 1) * imageLength, 0.0);
    }
  }

  /** Adds unfolded columns, counted within the image, to the image's gradient. */
  void fold(double[] dx, int image, int from, int to) {
    int start = image * w.outputs();
    runs.set(w, rowLength, imageLength, pads ? image : 0, start + from, start + to);
    double[] target = pads ? padded : dx;
    for (int k = 0; k < w.channels() * w.places(); k++) {
      LOOPS.addRuns(runs, unfolded, k * ld, target, offset(k), w.strideWidth());
    }
  }

  /** Takes the gradient of the image out of its padding. */
  void endImage(double[] dx, int image) {
    if (pads) {
      copyInside(0, dx, image, false);
      // The margin is to be 0 when images are loaded.
      Arrays.fill(padded, 0, imageLength, 0.0);
    }
  }

  private void load(double[] x, int first, int end) {
    if (first >= firstLoaded && end <= endLoaded) {
      return;
    }
    reserve(end - first);
    for (int image = first; image < end; image++) {
      copyInside((image - first) * imageLength, x, image, true);
    }
    firstLoaded = first;
    endLoaded = end;
  }

  private void reserve(int count) {
    if (padded.length < count * imageLength) {
      padded = new double[Math.min(images, ld / w.outputs() + 2) * imageLength];
    }
  }

  private void copyInside(int slot, double[] x, int image, boolean in) {
    for (int c = 0; c < w.channels(); c++) {
      for (int y = 0; y < w.height(); y++) {
        int plain = ((image * w.channels() + c) * w.height() + y) * w.width();
        int row = c * w.vertical().padded() + y + w.vertical().before();
        int inside = slot + row * rowLength + w.horizontal().before();
        if (in) {
          System.arraycopy(x, plain, padded, inside, w.width());
        } else {
          System.arraycopy(padded, inside, x, plain, w.width());
        }
      }
    }
  }

  /** Where a place of the window (c, i, j) is on a padded image. */
  private int offset(int place) {
    int c = place / w.places();
    int i = place % w.places() / w.kernelWidth();
    int j = place % w.kernelWidth();
    int row = c * w.vertical().padded() + i * w.vertical().dilation();
    return row * rowLength + j * w.horizontal().dilation();
  }
}
