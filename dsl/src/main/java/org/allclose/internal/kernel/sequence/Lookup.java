package org.allclose.internal.kernel.sequence;

import java.util.Arrays;

/** Rows of a table, looked up by their numbers, which are kept as floating-point numbers. */
public final class Lookup {
  private Lookup() {}

  /** Returns the index of the first number that is not below a limit; -1 if there is none. */
  public static int firstFrom(double[] numbers, int limit) {
    for (int i = 0; i < numbers.length; i++) {
      if (!(numbers[i] < limit)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Computes {@code table[numbers]}.
   *
   * @param table rows of so many columns; not modified
   * @param out modified: overwritten with a row for each number
   */
  public static void rows(double[] table, int columns, double[] numbers, double[] out) {
    for (int i = 0; i < numbers.length; i++) {
      int row = (int) numbers[i];
      System.arraycopy(table, row * columns, out, i * columns, columns);
    }
  }

  /**
   * Computes {@code sums[:] = 0; np.add.at(sums, numbers, rows)}: one row after another.
   *
   * @param rows of so many columns, one for each number; not modified
   * @param except the number whose rows are left out; -1 if none
   * @param sums modified: overwritten
   */
  public static void addRows(
      double[] rows, int columns, double[] numbers, int except, double[] sums) {
    Arrays.fill(sums, 0.0);
    for (int i = 0; i < numbers.length; i++) {
      int number = (int) numbers[i];
      if (number != except) {
        for (int j = 0; j < columns; j++) {
          sums[number * columns + j] += rows[i * columns + j];
        }
      }
    }
  }
}
