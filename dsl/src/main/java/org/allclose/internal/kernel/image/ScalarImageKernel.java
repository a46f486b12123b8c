package org.allclose.internal.kernel.image;

/** Plain loops over images. */
final class ScalarImageKernel implements ImageKernel {

  @Override
  public void copyRuns(Runs runs, double[] from, int place, int stride, double[] to, int start) {
    for (int run = 0; run < runs.count; run++) {
      int source = place + runs.source[run];
      int target = start + runs.target[run];
      int n = runs.length[run];
      if (stride == 1) {
        System.arraycopy(from, source, to, target, n);
      } else {
        for (int i = 0; i < n; i++) {
          to[target + i] = from[source + i * stride];
        }
      }
    }
  }

  @Override
  public void addRuns(Runs runs, double[] from, int start, double[] to, int place, int stride) {
    for (int run = 0; run < runs.count; run++) {
      int source = start + runs.target[run];
      int target = place + runs.source[run];
      int n = runs.length[run];
      if (stride == 1) {
        for (int i = 0; i < n; i++) {
          to[target + i] += from[source + i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          to[target + i * stride] += from[source + i];
        }
      }
    }
  }

  @Override
  public void maxOfSquares(double[] x, int row, int next, double[] out, int target, int n) {
    for (int k = 0; k < n; k++) {
      out[target + k] = x[indexOfMax(x, row + 2 * k, next + 2 * k)];
    }
  }

  @Override
  public void maxOfSquaresGradient(
      double[] x, int row, int next, double[] dout, int source, double[] dx, int n) {
    for (int k = 0; k < n; k++) {
      int upper = row + 2 * k;
      int lower = next + 2 * k;
      int index = indexOfMax(x, upper, lower);
      dx[upper] = 0.0;
      dx[upper + 1] = 0.0;
      dx[lower] = 0.0;
      dx[lower + 1] = 0.0;
      dx[index] += dout[source + k];
    }
  }

  @Override
  public void maxOfSquares(
      double[] x, int row, int next, double[] out, double[] from, int target, int n) {
    for (int k = 0; k < n; k++) {
      int upper = row + 2 * k;
      int lower = next + 2 * k;
      int index = indexOfMax(x, upper, lower);
      out[target + k] = x[index];
      from[target + k] = index - upper < 2 ? index - upper : 2 + index - lower;
    }
  }

  @Override
  public void reluSquaresGradient(
      double[] dout, double[] y, double[] from, int source, double[] dx, int row, int n) {
    int next = row + 2 * n;
    for (int k = 0; k < n; k++) {
      reluSquareGradient(dout, y, from, source + k, dx, row + 2 * k, next + 2 * k);
    }
  }

  /** Computes the gradient of a square of which two elements are in each row. */
  static void reluSquareGradient(
      double[] dout, double[] y, double[] from, int i, double[] dx, int upper, int lower) {
    double gradient = (0.0 + dout[i]) * (y[i] > 0 ? 1.0 : 0.0);
    dx[upper] = from[i] == 0 ? gradient : 0.0;
    dx[upper + 1] = from[i] == 1 ? gradient : 0.0;
    dx[lower] = from[i] == 2 ? gradient : 0.0;
    dx[lower + 1] = from[i] == 3 ? gradient : 0.0;
  }

  private static int indexOfMax(double[] x, int upper, int lower) {
    int best = larger(x, upper, upper + 1);
    return larger(x, larger(x, best, lower), lower + 1);
  }

  /** Returns which of two is to be taken, the first unless the second alone is larger or NaN. */
  private static int larger(double[] x, int first, int second) {
    return x[second] <= x[first] || Double.isNaN(x[first]) ? first : second;
  }
}
