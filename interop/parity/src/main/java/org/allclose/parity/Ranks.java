package org.allclose.parity;

import java.util.Arrays;

/** The order by magnitude of values that are not 0; of equal ones the first comes first. */
final class Ranks {
  private final double[] values;
  private final double[] sorted;

  /**
   * @param values kept, not modified
   */
  Ranks(double[] values) {
    this.values = values;
    double[] magnitudes = new double[values.length];
    int count = 0;
    for (double value : values) {
      if (value != 0) {
        magnitudes[count++] = Math.abs(value);
      }
    }
    sorted = Arrays.copyOf(magnitudes, count);
    Arrays.sort(sorted);
  }

  /** Returns how many values are not 0. */
  int size() {
    return sorted.length;
  }

  /** Returns the place of the value of a rank, 0 being that of the smallest. */
  int element(int rank) {
    int before = rank;
    while (before > 0 && isSame(sorted[before - 1], sorted[rank])) {
      before--;
    }
    int equal = rank - before;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0 && isSame(Math.abs(values[i]), sorted[rank]) && equal-- == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "rank: expected one below " + sorted.length + " but got " + rank);
  }

  private static boolean isSame(double a, double b) {
    return Double.compare(a, b) == 0;
  }
}
