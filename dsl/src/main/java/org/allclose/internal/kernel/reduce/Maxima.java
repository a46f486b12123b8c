package org.allclose.internal.kernel.reduce;

/**
 * Largest values in numpy's sense: NaN where there is one, else the largest number.
 *
 * <p>0.0 and -0.0 are equal, but a maximum is one or the other. {@code np.maximum(a, b)} gives b; a
 * maximum of many elements gives the last of the equal ones <b>in the order numpy compares
 * them</b>, with the SSE2 loops that it runs when fixtures are recorded (its AVX loops give other
 * signs): starting from the first element, the others are taken in pairs, the firsts of the pairs
 * in one lane, the seconds in another, both lanes starting from the first element; the second lane
 * is compared after the first, and a single element left over comes last. Elements that are not
 * contiguous are taken in 8 lanes in place of 2, which do not start from the first element but are
 * compared with it one after another.
 */
public final class Maxima {
  private static final int LANES = 8;

  private Maxima() {}

  /** Returns {@code np.maximum(a, b)}: b where they are equal, and NaN where one is. */
  public static double max(double a, double b) {
    return a > b || Double.isNaN(a) ? a : b;
  }

  /** Returns {@code np.max(x)} of n contiguous elements, n at least 1. */
  public static double of(double[] x, int offset, int n) {
    return max(x[offset], x, offset + 1, 1, n - 1);
  }

  /**
   * Computes the maximum of each row: {@code matrix.max(axis=1)}.
   *
   * @param columns at least 1
   * @param max of rows elements; modified
   */
  public static void ofRows(double[] matrix, int rows, int columns, double[] max) {
    for (int i = 0; i < rows; i++) {
      max[i] = of(matrix, i * columns, columns);
    }
  }

  /** Returns the index of the largest of n values, counted from the offset: {@code np.argmax}. */
  public static int argMax(double[] x, int offset, int n) {
    int best = 0;
    for (int i = 0; i < n; i++) {
      double value = x[offset + i];
      if (Double.isNaN(value)) {
        return i;
      }
      if (value > x[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  /** Returns the maximum of the first element and n others that are stride apart. */
  static double max(double first, double[] x, int offset, int stride, int n) {
    double max = first;
    if (Double.isNaN(max)) {
      return max;
    }
    for (int i = 0; i < n; i++) {
      double value = x[offset + i * stride];
      if (!(value <= max)) {
        if (Double.isNaN(value)) {
          return value;
        }
        max = value;
      }
    }
    if (max != 0.0) {
      return max;
    }
    return stride == 1 ? lastZero(first, x, offset, n) : lastZero(first, x, offset, stride, n);
  }

  /** The zero that numpy compares last among contiguous elements, none of which is positive. */
  private static double lastZero(double first, double[] x, int offset, int n) {
    int paired = n & -2;
    if (paired < n && x[offset + paired] == 0.0) {
      return x[offset + paired];
    }
    for (int i = paired - 1; i > 0; i -= 2) {
      if (x[offset + i] == 0.0) {
        return x[offset + i];
      }
    }
    if (first == 0.0) {
      return first;
    }
    int i = paired - 2;
    while (x[offset + i] != 0.0) {
      i -= 2;
    }
    return x[offset + i];
  }

  private static double lastZero(double first, double[] x, int offset, int stride, int n) {
    int inLanes = n - n % LANES;
    for (int i = n - 1; i >= inLanes; i--) {
      if (x[offset + i * stride] == 0.0) {
        return x[offset + i * stride];
      }
    }
    for (int lane = LANES - 1; lane >= 0; lane--) {
      for (int i = inLanes - LANES + lane; i >= 0; i -= LANES) {
        if (x[offset + i * stride] == 0.0) {
          return x[offset + i * stride];
        }
      }
    }
    return first;
  }
}
