package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Pools of batches of one size: the largest value or the mean of each window of each channel.
 *
 * <p>Belongs to one caller at a time.
 *
 * <p>Source: the reference's {@code max_pool2d_forward}, {@code average_pool2d_forward} and their
 * backward functions; cs231n {@code max_pool_forward_naive}.
 */
public final class Pooling {
  private static final ImageKernel LOOPS = ImageKernel.CHOSEN;

  private final Windows w;
  private final int planes;
  private final int size;
  private final boolean squares;
  private final Parallel parallel;
  private final Parallel.Task maxPlane;
  private final Parallel.Task maxGradientPlane;
  private final Parallel.Task meanPlane = this::meanPlane;
  private final Parallel.Task meanGradientPlane = this::meanGradientPlane;
  private int[] index = {};

  // The arguments of the call under way.
  private double[] x;
  private double[] dout;
  private double[] result;

  /**
   * @param windows where the windows lie on an image; without padding
   * @param images the number of images in a batch
   * @param parallel how many threads may work
   */
  public Pooling(Windows windows, int images, Parallel parallel) {
    w = windows;
    planes = images * w.channels();
    size = w.height() * w.width();
    this.parallel = parallel;
    squares = isOfSquares(w);
    maxPlane = squares ? this::maxOfSquares : this::maxOfWindows;
    maxGradientPlane = squares ? this::maxOfSquaresGradient : this::maxOfWindowsGradient;
  }

  /** Returns whether windows are of two by two elements side by side. */
  static boolean isOfSquares(Windows w) {
    return w.kernelHeight() == 2
        && w.kernelWidth() == 2
        && w.strideHeight() == 2
        && w.strideWidth() == 2;
  }

  private void run(Parallel.Task task, double[] x, double[] dout, double[] result) {
    this.x = x;
    this.dout = dout;
    this.result = result;
    parallel.forRange(planes, task);
    this.x = null;
    this.dout = null;
    this.result = null;
  }

  /**
   * Computes the largest value of each window: of equal ones the first in row-major order, as
   * numpy's {@code argmax}, and the first NaN before all.
   *
   * @param x (n, C, H, W); not modified
   * @param out (n, C, OH, OW); modified
   */
  public void max(double[] x, double[] out) {
    if (!squares && index.length == 0) {
      index = new int[planes * w.outputs()];
    }
    run(maxPlane, x, null, out);
  }

  private void maxOfSquares(int plane) {
    int source = plane * size;
    int target = plane * w.outputs();
    for (int y = 0; y < w.outputHeight(); y++) {
      int row = source + 2 * y * w.width();
      LOOPS.maxOfSquares(x, row, row + w.width(), result, target, w.outputWidth());
      target += w.outputWidth();
    }
  }

  private void maxOfWindows(int plane) {
    int source = plane * size;
    int target = plane * w.outputs();
    for (int y = 0; y < w.outputHeight(); y++) {
      for (int column = 0; column < w.outputWidth(); column++, target++) {
        int best = indexOfMax(source, y * w.strideHeight() * w.width() + column * w.strideWidth());
        result[target] = x[source + best];
        index[target] = best;
      }
    }
  }

  private int indexOfMax(int source, int corner) {
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
    return best;
  }

  /**
   * Computes the values at the places where {@link #max} finds the largest of another batch.
   *
   * @param decided the other batch, (n, C, H, W); not modified
   * @param x (n, C, H, W); not modified
   * @param out (n, C, OH, OW); modified
   */
  public void atMax(double[] decided, double[] x, double[] out) {
    this.x = decided;
    for (int k = 0; k < out.length; k++) {
      int place = k % w.outputs();
      int row = place / w.outputWidth() * w.strideHeight();
      int column = place % w.outputWidth() * w.strideWidth();
      int plane = k / w.outputs() * size;
      out[k] = x[plane + indexOfMax(plane, row * w.width() + column)];
    }
    this.x = null;
  }

  /**
   * Computes the gradient of the latest {@link #max}: each window's goes where its value came from,
   * added to 0 in the order of the windows.
   *
   * @param x what {@link #max} was given; not modified
   * @param dout (n, C, OH, OW); not modified
   * @param dx (n, C, H, W); modified: overwritten
   */
  public void maxGradient(double[] x, double[] dout, double[] dx) {
    run(maxGradientPlane, x, dout, dx);
  }

  private void maxOfSquaresGradient(int plane) {
    int target = plane * size;
    if (w.height() % 2 + w.width() % 2 > 0) {
      Arrays.fill(result, target, target + size, 0.0);
    }
    int source = plane * w.outputs();
    for (int y = 0; y < w.outputHeight(); y++) {
      int row = target + 2 * y * w.width();
      LOOPS.maxOfSquaresGradient(x, row, row + w.width(), dout, source, result, w.outputWidth());
      source += w.outputWidth();
    }
  }

  private void maxOfWindowsGradient(int plane) {
    Arrays.fill(result, plane * size, (plane + 1) * size, 0.0);
    for (int k = plane * w.outputs(); k < (plane + 1) * w.outputs(); k++) {
      result[plane * size + index[k]] += dout[k];
    }
  }

  /**
   * Computes the mean of each window: its values added in row-major order, divided by their number.
   *
   * @param x (n, C, H, W); not modified
   * @param out (n, C, OH, OW); modified
   */
  public void mean(double[] x, double[] out) {
    run(meanPlane, x, null, out);
  }

  private void meanPlane(int plane) {
    int source = plane * size;
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
        result[target] = sum / w.places();
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
  public void meanGradient(double[] dout, double[] dx) {
    run(meanGradientPlane, null, dout, dx);
  }

  private void meanGradientPlane(int plane) {
    Arrays.fill(result, plane * size, (plane + 1) * size, 0.0);
    for (int i = 0; i < w.kernelHeight(); i++) {
      for (int j = 0; j < w.kernelWidth(); j++) {
        int source = plane * w.outputs();
        for (int y = 0; y < w.outputHeight(); y++) {
          int target = plane * size + (y * w.strideHeight() + i) * w.width() + j;
          for (int column = 0; column < w.outputWidth(); column++, source++) {
            result[target + column * w.strideWidth()] += dout[source] / w.places();
          }
        }
      }
    }
  }
}
