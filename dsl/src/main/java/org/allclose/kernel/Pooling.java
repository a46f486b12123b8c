package org.allclose.kernel;

import java.util.Arrays;

/**
 * Pools: the largest value or the mean of each window of each channel.
 *
 * <p>Source: the reference's {@code max_pool2d_forward}, {@code average_pool2d_forward} and their
 * backward functions; cs231n {@code max_pool_forward_naive}.
 */
public final class Pooling {
  private Pooling() {}

  /**
   * Computes the largest value of each window: of equal ones the first in row-major order, as
   * numpy's {@code argmax}, and the first NaN before all.
   *
   * @param x (n, C, H, W); not modified
   * @param out (n, C, OH, OW); modified
   * @param index (n, C, OH, OW); modified: where each value is in its plane
   */
  public static void max(
      Windows w, double[] x, int n, double[] out, int[] index, Parallel parallel) {
    parallel.forRange(n * w.channels(), plane -> maxPlane(w, x, plane, out, index));
  }

  private static void maxPlane(Windows w, double[] x, int plane, double[] out, int[] index) {
    int source = plane * w.height() * w.width();
    int target = plane * w.outputs();
    for (int y = 0; y < w.outputHeight(); y++) {
      for (int column = 0; column < w.outputWidth(); column++, target++) {
        int corner = y * w.strideHeight() * w.width() + column * w.strideWidth();
        int best = corner;
        double largest = x[source + best];
        for (int i = 0; i < w.kernelHeight() && !Double.isNaN(largest); i++) {
          for (int j = 0; j < w.kernelWidth(); j++) {
            int place = corner + i * w.width() + j;
            double value = x[source + place];
            if (!(value <= largest)) {
              largest = value;
              best = place;
              if (Double.isNaN(value)) {
                break;
              }
            }
          }
        }
        out[target] = largest;
        index[target] = best;
      }
    }
  }

  /**
   * Computes the gradient of {@link #max}: each window's goes where its value came from, added to 0
   * in the order of the windows.
   *
   * @param dout (n, C, OH, OW); not modified
   * @param index what {@link #max} gave; not modified
   * @param dx (n, C, H, W); modified: overwritten
   */
  public static void maxGradient(
      Windows w, double[] dout, int[] index, int n, double[] dx, Parallel parallel) {
    int size = w.height() * w.width();
    int outputs = w.outputs();
    parallel.forRange(
        n * w.channels(),
        plane -> {
          Arrays.fill(dx, plane * size, (plane + 1) * size, 0.0);
          for (int k = plane * outputs; k < (plane + 1) * outputs; k++) {
            dx[plane * size + index[k]] += dout[k];
          }
        });
  }

  /**
   * Computes the mean of each window: its values added in row-major order, divided by their number.
   *
   * @param x (n, C, H, W); not modified
   * @param out (n, C, OH, OW); modified
   */
  public static void mean(Windows w, double[] x, int n, double[] out, Parallel parallel) {
    parallel.forRange(n * w.channels(), plane -> meanPlane(w, x, plane, out));
  }

  private static void meanPlane(Windows w, double[] x, int plane, double[] out) {
    int source = plane * w.height() * w.width();
    int target = plane * w.outputs();
    for (int y = 0; y < w.outputHeight(); y++) {
      for (int column = 0; column < w.outputWidth(); column++, target++) {
        int corner = source + y * w.strideHeight() * w.width() + column * w.strideWidth();
        double sum = -0.0;
        for (int i = 0; i < w.kernelHeight(); i++) {
          for (int j = 0; j < w.kernelWidth(); j++) {
            sum += x[corner + i * w.width() + j];
          }
        }
        out[target] = sum / w.places();
      }
    }
  }

  /**
   * Computes the gradient of {@link #mean}: an element's addends, a window's gradient divided by
   * the window's size, in the order of the places within the window, rows first, added to 0.
   *
   * @param dout (n, C, OH, OW); not modified
   * @param dx (n, C, H, W); modified: overwritten
   */
  public static void meanGradient(Windows w, double[] dout, int n, double[] dx, Parallel parallel) {
    parallel.forRange(n * w.channels(), plane -> meanGradientPlane(w, dout, plane, dx));
  }

  private static void meanGradientPlane(Windows w, double[] dout, int plane, double[] dx) {
    int size = w.height() * w.width();
    Arrays.fill(dx, plane * size, (plane + 1) * size, 0.0);
    for (int i = 0; i < w.kernelHeight(); i++) {
      for (int j = 0; j < w.kernelWidth(); j++) {
        int source = plane * w.outputs();
        for (int y = 0; y < w.outputHeight(); y++) {
          int target = plane * size + (y * w.strideHeight() + i) * w.width() + j;
          for (int column = 0; column < w.outputWidth(); column++, source++) {
            dx[target + column * w.strideWidth()] += dout[source] / w.places();
          }
        }
      }
    }
  }
}
