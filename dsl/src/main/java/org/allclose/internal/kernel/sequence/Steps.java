package org.allclose.internal.kernel.sequence;

/**
 * Steps of sequences (N, T, D): those of all rows at one time, and which rows are still running.
 */
public final class Steps {
  private Steps() {}

  /**
   * Copies {@code x[:, time]}.
   *
   * @param x (rows, times, columns); not modified
   * @param step (rows, columns) from an offset on; modified
   */
  public static void take(
      double[] x, int rows, int times, int columns, int time, double[] step, int offset) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, (row * times + time) * columns, step, offset + row * columns, columns);
    }
  }

  /**
   * Copies to {@code x[:, time]}.
   *
   * @param step (rows, columns) from an offset on; not modified
   * @param x (rows, times, columns); modified
   */
  public static void put(
      double[] step, int offset, int rows, int columns, double[] x, int times, int time) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(step, offset + row * columns, x, (row * times + time) * columns, columns);
    }
  }

  /** Returns whether a row runs at a time; without lengths each does. */
  public static boolean runs(double[] lengths, int row, int time) {
    return lengths.length == 0 || time < lengths[row];
  }

  /**
   * Gives rows that do not run those of another matrix, or 0.
   *
   * @param other (rows, columns) from an offset on; empty for 0
   * @param matrix (rows, columns) from an offset on; modified
   */
  public static void replaceIdle(
      double[] lengths,
      int time,
      double[] other,
      int otherOffset,
      int rows,
      int columns,
      double[] matrix,
      int offset) {
    for (int row = 0; row < rows; row++) {
      if (!runs(lengths, row, time)) {
        for (int j = 0; j < columns; j++) {
          matrix[offset + row * columns + j] =
              other.length == 0 ? 0.0 : other[otherOffset + row * columns + j];
        }
      }
    }
  }

  /**
   * Copies the columns of the last gate.
   *
   * @param from (rows, gates * units); not modified
   * @param to likewise; modified
   */
  public static void takeLastGate(double[] from, int rows, int units, int gates, double[] to) {
    for (int row = 0; row < rows; row++) {
      int last = (row * gates + gates - 1) * units;
      System.arraycopy(from, last, to, last, units);
    }
  }

  /** Computes {@code dh[row] = dout[row, time] + dh[row]} for the rows that run. */
  public static void addRunning(
      double[] lengths, double[] dout, int rows, int times, int columns, int time, double[] dh) {
    for (int row = 0; row < rows; row++) {
      if (runs(lengths, row, time)) {
        for (int j = 0; j < columns; j++) {
          dh[row * columns + j] = dout[(row * times + time) * columns + j] + dh[row * columns + j];
        }
      }
    }
  }
}
