package org.allclose.internal.kernel.image;

import java.util.Arrays;

/** Images made larger by whole factors: each pixel becomes a block of its copies. */
public final class Upsampling {
  private Upsampling() {}

  /**
   * Copies each pixel to its block.
   *
   * @param x rows of the given width, of as many planes as there are; not modified
   * @param y modified: overwritten
   */
  public static void forward(double[] x, int width, int rows, int columns, double[] y) {
    int wide = width * columns;
    for (int row = 0; row < x.length / width; row++) {
      int first = row * rows * wide;
      for (int column = 0; column < width; column++) {
        int start = first + column * columns;
        Arrays.fill(y, start, start + columns, x[row * width + column]);
      }
      for (int copy = 1; copy < rows; copy++) {
        System.arraycopy(y, first, y, first + copy * wide, wide);
      }
    }
  }

  /**
   * Adds up each block, row after row, to 0.
   *
   * @param dy not modified
   * @param width of the smaller images
   * @param dx modified: overwritten
   */
  public static void gradient(double[] dy, int width, int rows, int columns, double[] dx) {
    int wide = width * columns;
    for (int pixel = 0; pixel < dx.length; pixel++) {
      int start = pixel / width * rows * wide + pixel % width * columns;
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          sum += dy[start + row * wide + column];
        }
      }
      dx[pixel] = sum;
    }
  }
}
