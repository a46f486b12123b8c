package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Pools of batches of one size: the largest value or the mean of each window of each channel.
 *
 * <p>Belongs to one caller at a time.
 *
 * <p>Source: the reference's module {@code pooling}; cs231n {@code max_pool_forward_naive}.
 */
public final class Pooling {
  private static final ImageKernel LOOPS = ImageKernel.CHOSEN;

  private final Spans rows;
  private final Spans columns;
  private final int width;
  private final int planes;
  private final int size;
  private final int outputs;
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
   * @param windows where the windows lie on an image
   * @param images the number of images in a batch
   * @param parallel how many threads may work
   */
  public Pooling(PoolWindows windows, int images, Parallel parallel) {
    rows = windows.rows();
    columns = windows.columns();
    width = columns.length();
    planes = images * windows.channels();
    size = rows.length() * width;
    outputs = windows.outputs();
    this.parallel = parallel;
    squares = windows.isOfSquares();
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
      index = new int[planes * outputs];
    }
    run(maxPlane, x, null, out);
  }

  private void maxOfSquares(int plane) {
    int source = plane * size;
    int target = plane * outputs;
    for (int y = 0; y < rows.outputs(); y++) {
      int row = source + 2 * y * width;
      LOOPS.maxOfSquares(x, row, row + width, result, target, columns.outputs());
      target += columns.outputs();
    }
  }

  private void maxOfWindows(int plane) {
    int source = plane * size;
    int target = plane * outputs;
    for (int y = 0; y < rows.outputs(); y++) {
      for (int column = 0; column < columns.outputs(); column++, target++) {
        int best = indexOfMax(source, y, column);
        result[target] = x[source + best];
        index[target] = best;
      }
    }
  }

  /** Returns where the largest of a window is in its plane. */
  private int indexOfMax(int source, int y, int column) {
    int left = columns.first(column);
    int right = columns.end(column);
    int best = rows.first(y) * width + left;
    double largest = x[source + best];
    for (int i = rows.first(y); i < rows.end(y) && !Double.isNaN(largest); i += rows.step()) {
      for (int j = left; j < right; j += columns.step()) {
        int place = i * width + j;
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
      int plane = k / outputs * size;
      int window = k % outputs;
      out[k] = x[plane + indexOfMax(plane, window / columns.outputs(), window % columns.outputs())];
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
    if (rows.length() % 2 + width % 2 > 0) {
      Arrays.fill(result, target, target + size, 0.0);
    }
    int source = plane * outputs;
    for (int y = 0; y < rows.outputs(); y++) {
      int row = target + 2 * y * width;
      LOOPS.maxOfSquaresGradient(x, row, row + width, dout, source, result, columns.outputs());
      source += columns.outputs();
    }
  }

  private void maxOfWindowsGradient(int plane) {
    Arrays.fill(result, plane * size, (plane + 1) * size, 0.0);
    for (int k = plane * outputs; k < (plane + 1) * outputs; k++) {
      result[plane * size + index[k]] += dout[k];
    }
  }

  /**
   * Computes the mean of each window: its values inside the image added in row-major order, divided
   * by how many elements the window counts.
   *
   * @param x (n, C, H, W); not modified
   * @param out (n, C, OH, OW); modified
   */
  public void mean(double[] x, double[] out) {
    run(meanPlane, x, null, out);
  }

  private void meanPlane(int plane) {
    int source = plane * size;
    int target = plane * outputs;
    for (int y = 0; y < rows.outputs(); y++) {
      for (int column = 0; column < columns.outputs(); column++, target++) {
        int left = columns.first(column);
        int right = columns.end(column);
        double sum = -0.0;
        for (int i = rows.first(y); i < rows.end(y); i += rows.step()) {
          int row = source + i * width;
          for (int j = left; j < right; j += columns.step()) {
            sum += x[row + j];
          }
        }
        result[target] = sum / (rows.count(y) * columns.count(column));
      }
    }
  }

  /**
   * Computes the gradient of {@link #mean}: an element's addends, each a window's gradient divided
   * by how many elements the window counts, from the last window to the first, added to 0. That is
   * the order of the places within the window, rows first.
   *
   * @param dout (n, C, OH, OW); not modified
   * @param dx (n, C, H, W); modified: overwritten
   */
  public void meanGradient(double[] dout, double[] dx) {
    run(meanGradientPlane, null, dout, dx);
  }

  private void meanGradientPlane(int plane) {
    Arrays.fill(result, plane * size, (plane + 1) * size, 0.0);
    int source = (plane + 1) * outputs;
    for (int y = rows.outputs() - 1; y >= 0; y--) {
      for (int column = columns.outputs() - 1; column >= 0; column--) {
        source--;
        double share = dout[source] / (rows.count(y) * columns.count(column));
        int left = columns.first(column);
        int right = columns.end(column);
        for (int i = rows.first(y); i < rows.end(y); i += rows.step()) {
          int row = plane * size + i * width;
          for (int j = left; j < right; j += columns.step()) {
            result[row + j] += share;
          }
        }
      }
    }
  }
}
