package org.allclose.internal.kernel.reduce;

import java.util.Arrays;

/**
 * The first of the largest or smallest elements of a C-ordered array along some of its axes: {@code
 * np.argmax} of what the axes that are left out are the last of. NaN is larger and smaller than any
 * number.
 *
 * <p>Immutable; computing allocates nothing.
 */
public final class AxesExtreme {
  /** Where the elements of a result stand in x: each start, and each step from there. */
  private final int[] starts;

  private final int[] steps;

  private AxesExtreme(int[] starts, int[] steps) {
    this.starts = starts;
    this.steps = steps;
  }

  /**
   * Plans for arrays of a shape.
   *
   * @param axes those that are left out of the result, distinct, from 0
   */
  public static AxesExtreme of(int[] shape, int... axes) {
    boolean[] reduced = new boolean[shape.length];
    for (int axis : axes) {
      reduced[axis] = true;
    }
    return new AxesExtreme(offsets(shape, reduced, false), offsets(shape, reduced, true));
  }

  /** Returns where the elements stand along the axes that are reduced, or along the others. */
  private static int[] offsets(int[] shape, boolean[] reduced, boolean wanted) {
    int[] offsets = {0};
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (reduced[axis] == wanted) {
        int[] longer = new int[offsets.length * shape[axis]];
        for (int i = 0; i < longer.length; i++) {
          longer[i] = offsets[i % offsets.length] + i / offsets.length * stride;
        }
        offsets = longer;
      }
      stride *= shape[axis];
    }
    return offsets;
  }

  /** Returns the number of elements of the result. */
  public int resultSize() {
    return starts.length;
  }

  /**
   * Finds the largest elements.
   *
   * @param places where they stand in x, one for each result; modified
   */
  public void largest(double[] x, int[] places) {
    for (int i = 0; i < starts.length; i++) {
      int best = starts[i];
      for (int j = 0; j < steps.length && !Double.isNaN(x[best]); j++) {
        double value = x[starts[i] + steps[j]];
        if (!(value <= x[best])) {
          best = starts[i] + steps[j];
        }
      }
      places[i] = best;
    }
  }

  /** Finds the smallest elements, as {@link #largest}. */
  public void smallest(double[] x, int[] places) {
    for (int i = 0; i < starts.length; i++) {
      int best = starts[i];
      for (int j = 0; j < steps.length && !Double.isNaN(x[best]); j++) {
        double value = x[starts[i] + steps[j]];
        if (!(value >= x[best])) {
          best = starts[i] + steps[j];
        }
      }
      places[i] = best;
    }
  }

  /** Takes the elements at places, one after another. */
  public static void take(double[] x, int[] places, double[] out) {
    for (int i = 0; i < places.length; i++) {
      out[i] = x[places[i]];
    }
  }

  /**
   * Puts elements to places, and 0 everywhere else.
   *
   * @param dx modified: overwritten
   */
  public static void put(double[] dout, int[] places, double[] dx) {
    Arrays.fill(dx, 0);
    for (int i = 0; i < places.length; i++) {
      dx[places[i]] = dout[i];
    }
  }

  /**
   * Computes {@code dx = dout * mask / np.sum(mask)}, mask being where x is what was found.
   *
   * @param y what was found, one for each result
   * @param dx of the size of x; modified
   */
  public void share(double[] dout, double[] x, double[] y, double[] dx) {
    for (int i = 0; i < starts.length; i++) {
      int count = 0;
      for (int step : steps) {
        count += x[starts[i] + step] == y[i] ? 1 : 0;
      }
      for (int step : steps) {
        int at = starts[i] + step;
        dx[at] = dout[i] * (x[at] == y[i] ? 1.0 : 0.0) / count;
      }
    }
  }
}
