package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Unfolds images into the columns that a convolution multiplies, and folds columns back.
 *
 * <p>Columns are (C * KH * KW, N * OH * OW): the element of window (n, y, x) at place (c, i, j), 0
 * where that lies outside the image. A convolution is then the matrix product of the filters (F, C
 * * KH * KW) and the columns.
 *
 * <p>Source: the reference's {@code unfold} and {@code fold}; cs231n {@code im2col_indices}.
 */
public final class Convolution {
  private Convolution() {}

  /**
   * Unfolds a batch of images.
   *
   * @param x (n, C, H, W); not modified
   * @param columns (C * KH * KW, n * OH * OW); modified: overwritten
   */
  public static void unfold(
      Windows windows, double[] x, int n, double[] columns, Parallel parallel) {
    int places = windows.places();
    int rows = windows.channels() * places;
    if (parallel.threads() > 1) {
      parallel.forRange(
          rows, row -> unfoldRow(windows, x, n, row / places, row % places, columns, row));
    } else { // without a task, so that many small convolutions allocate nothing
      for (int row = 0; row < rows; row++) {
        unfoldRow(windows, x, n, row / places, row % places, columns, row);
      }
    }
  }

  private static void unfoldRow(
      Windows w, double[] x, int n, int channel, int place, double[] columns, int row) {
    int i = place / w.kernelWidth();
    int j = place % w.kernelWidth();
    int oh = w.outputHeight();
    int ow = w.outputWidth();
    int firstX = Math.min(ow, w.horizontal().firstInside(j));
    int endX = Math.max(firstX, w.horizontal().endInside(j));
    int target = row * n * oh * ow;
    for (int image = 0; image < n; image++) {
      int plane = (image * w.channels() + channel) * w.height() * w.width();
      for (int y = 0; y < oh; y++, target += ow) {
        int sourceRow = y * w.strideHeight() + w.vertical().start(i);
        if (sourceRow < 0 || sourceRow >= w.height()) {
          Arrays.fill(columns, target, target + ow, 0.0);
          continue;
        }
        Arrays.fill(columns, target, target + firstX, 0.0);
        int source = plane + sourceRow * w.width() + w.horizontal().start(j);
        if (w.strideWidth() == 1 && firstX < endX) { // else the source may be no place of x
          System.arraycopy(x, source + firstX, columns, target + firstX, endX - firstX);
        } else {
          for (int out = firstX; out < endX; out++) {
            columns[target + out] = x[source + out * w.strideWidth()];
          }
        }
        Arrays.fill(columns, target + endX, target + ow, 0.0);
      }
    }
  }

  /**
   * Folds columns back: the sum of all windows where they lie on the images.
   *
   * <p>An element gets its addends in the order of the places within the window, rows first, added
   * to 0.
   *
   * @param columns (C * KH * KW, n * OH * OW); not modified
   * @param x (n, C, H, W); modified: overwritten
   */
  public static void fold(Windows w, double[] columns, int n, double[] x, Parallel parallel) {
    int planes = n * w.channels();
    if (parallel.threads() > 1) {
      parallel.forRange(
          planes, plane -> foldPlane(w, columns, n, plane / w.channels(), plane % w.channels(), x));
    } else {
      for (int plane = 0; plane < planes; plane++) {
        foldPlane(w, columns, n, plane / w.channels(), plane % w.channels(), x);
      }
    }
  }

  private static void foldPlane(
      Windows w, double[] columns, int n, int image, int channel, double[] x) {
    int oh = w.outputHeight();
    int ow = w.outputWidth();
    int plane = (image * w.channels() + channel) * w.height() * w.width();
    Arrays.fill(x, plane, plane + w.height() * w.width(), 0.0);
    for (int i = 0; i < w.kernelHeight(); i++) {
      for (int j = 0; j < w.kernelWidth(); j++) {
        int firstX = w.horizontal().firstInside(j);
        int endX = w.horizontal().endInside(j);
        int row = (channel * w.kernelHeight() + i) * w.kernelWidth() + j;
        for (int y = 0; y < oh; y++) {
          int targetRow = y * w.strideHeight() + w.vertical().start(i);
          if (targetRow >= 0 && targetRow < w.height()) {
            int source = ((row * n + image) * oh + y) * ow;
            int target = plane + targetRow * w.width() + w.horizontal().start(j);
            addStrided(columns, source, x, target, w.strideWidth(), firstX, endX);
          }
        }
      }
    }
  }

  private static void addStrided(
      double[] from, int source, double[] to, int target, int stride, int first, int end) {
    if (stride == 1) {
      for (int out = first; out < end; out++) {
        to[target + out] += from[source + out];
      }
    } else {
      for (int out = first; out < end; out++) {
        to[target + out * stride] += from[source + out];
      }
    }
  }

  /**
   * Adds a number to each channel.
   *
   * @param bias (channels); not modified
   * @param y (n, channels, ...); modified
   */
  public static void addBias(double[] bias, int n, int channels, double[] y) {
    int places = y.length / (n * channels);
    for (int plane = 0; plane < n * channels; plane++) {
      double b = bias[plane % channels];
      for (int i = plane * places; i < (plane + 1) * places; i++) {
        y[i] += b;
      }
    }
  }

  /**
   * Swaps the first two axes: (a, b, length) to (b, a, length).
   *
   * @param from not modified
   * @param to modified: overwritten
   */
  public static void swapAxes(
      double[] from, int a, int b, int length, double[] to, Parallel parallel) {
    if (parallel.threads() > 1) {
      parallel.forRange(a, i -> swapRow(from, i, a, b, length, to));
    } else {
      for (int i = 0; i < a; i++) {
        swapRow(from, i, a, b, length, to);
      }
    }
  }

  private static void swapRow(double[] from, int i, int a, int b, int length, double[] to) {
    for (int j = 0; j < b; j++) {
      System.arraycopy(from, (i * b + j) * length, to, (j * a + i) * length, length);
    }
  }
}
