package org.allclose.kernel;

/** Largest values in numpy's sense: the first NaN if there is one, else the first maximum. */
public final class Maxima {
  private Maxima() {}

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
}
