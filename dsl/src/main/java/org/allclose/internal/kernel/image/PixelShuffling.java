package org.allclose.internal.kernel.image;

/** Images whose pixels are blocks of their channels' values, and back. */
public final class PixelShuffling {
  private PixelShuffling() {}

  /**
   * Makes a block of r by r pixels of each r * r channels: {@code y[c, h * r + i, w * r + j] = x[c
   * * r * r + i * r + j, h, w]}.
   *
   * @param x (planes * r * r, H, W); not modified
   * @param planes the channels of all images of y
   * @param y (planes, H * r, W * r); modified: overwritten
   */
  public static void shuffle(double[] x, int planes, int height, int width, int r, double[] y) {
    int source = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int place = 0; place < r * r; place++) {
        int first = (plane * height * r + place / r) * width * r + place % r;
        for (int row = 0; row < height; row++) {
          int target = first + row * r * width * r;
          for (int column = 0; column < width; column++, source++) {
            y[target + column * r] = x[source];
          }
        }
      }
    }
  }

  /**
   * Undoes {@link #shuffle}.
   *
   * @param y (planes, H * r, W * r); not modified
   * @param x (planes * r * r, H, W); modified: overwritten
   */
  public static void unshuffle(double[] y, int planes, int height, int width, int r, double[] x) {
    int target = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int place = 0; place < r * r; place++) {
        int first = (plane * height * r + place / r) * width * r + place % r;
        for (int row = 0; row < height; row++) {
          int source = first + row * r * width * r;
          for (int column = 0; column < width; column++, target++) {
            x[target] = y[source + column * r];
          }
        }
      }
    }
  }
}
