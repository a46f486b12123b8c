package org.allclose.internal.kernel.image;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.Parallel;

/**
 * Images with a margin of copies of their own elements, as {@code np.pad} makes it: row y of a
 * padded image is row {@code rows[y]} of the image, column x is column {@code columns[x]}.
 *
 * <p>Belongs to one caller at a time.
 */
public final class Margins {
  private final int[] rows;
  private final int[] columns;
  private final int size;
  private final int width;
  private final int planes;
  private final Parallel parallel;
  private final Parallel.Task pad = this::padPlane;
  private final Parallel.Task fold = this::foldPlane;

  // The arguments of the call under way.
  private double[] source;
  private double[] target;

  /**
   * @param rows the row of the image that each row of a padded one is; kept
   * @param columns the column of the image that each column of a padded one is; kept
   * @param height rows of an image
   * @param width columns of an image
   * @param planes the number of images times their channels
   * @param parallel how many threads may work
   */
  public Margins(int[] rows, int[] columns, int height, int width, int planes, Parallel parallel) {
    this.rows = rows;
    this.columns = columns;
    this.width = width;
    this.planes = planes;
    this.parallel = parallel;
    size = height * width;
    Windows.elements("padded images", planes, (long) rows.length * columns.length);
  }

  /**
   * Copies images into their margins.
   *
   * @param x not modified
   * @param padded modified: overwritten
   */
  public void pad(double[] x, double[] padded) {
    run(pad, x, padded);
  }

  /**
   * Adds up the gradient of each element's copies, in row-major order of the padded image, to 0.
   *
   * @param dpadded not modified
   * @param dx modified: overwritten
   */
  public void fold(double[] dpadded, double[] dx) {
    run(fold, dpadded, dx);
  }

  private void run(Parallel.Task task, double[] from, double[] to) {
    source = from;
    target = to;
    parallel.forRange(planes, task);
    source = null;
    target = null;
  }

  private void padPlane(int plane) {
    int to = plane * rows.length * columns.length;
    for (int row : rows) {
      int from = plane * size + row * width;
      for (int column : columns) {
        target[to++] = source[from + column];
      }
    }
  }

  private void foldPlane(int plane) {
    Arrays.fill(target, plane * size, (plane + 1) * size, 0.0);
    int from = plane * rows.length * columns.length;
    for (int row : rows) {
      int to = plane * size + row * width;
      for (int column : columns) {
        target[to + column] += source[from++];
      }
    }
  }
}
