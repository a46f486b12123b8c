package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.math.FunctionKernel;
import org.allclose.internal.kernel.math.Log;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * Softmax of the rows of a matrix, and its cross-entropy with the right classes.
 *
 * <p>numpy: {@code e = np.exp(x - x.max(axis=1, keepdims=True)); p = e / e.sum(axis=1,
 * keepdims=True)}; the loss is {@code np.sum(-np.log(p[np.arange(N), y])) / N}, its gradient {@code
 * (p - onehot) / N}. Each row is summed pairwise, and so are the N terms of the loss.
 */
public final class Softmax {
  private Softmax() {}

  /**
   * Computes the probabilities of the classes.
   *
   * @param x (rows, classes); not modified, unless probabilities is the same array
   * @param probabilities (rows, classes); modified
   */
  public static void probabilities(double[] x, int rows, int classes, double[] probabilities) {
    probabilities(x, 0, rows, classes, probabilities);
  }

  /**
   * Computes the probabilities of the classes of some rows.
   *
   * @param offset where the first row begins in both arrays
   */
  public static void probabilities(
      double[] x, int offset, int rows, int classes, double[] probabilities) {
    exponentials(x, offset, rows, classes, probabilities);
    for (int i = 0; i < rows; i++) {
      int start = offset + i * classes;
      double sum = 0.0 + Sums.pairwise(probabilities, start, classes);
      for (int j = start; j < start + classes; j++) {
        probabilities[j] /= sum;
      }
    }
  }

  /**
   * Computes the logarithms of the probabilities: {@code d = x - x.max(axis=1, keepdims=True); d -
   * np.log(np.sum(np.exp(d), axis=1, keepdims=True))}.
   *
   * @param x (rows, classes), another array than y; not modified
   * @param y (rows, classes); modified
   */
  public static void logProbabilities(double[] x, int rows, int classes, double[] y) {
    exponentials(x, rows, classes, y);
    for (int i = 0; i < rows; i++) {
      int start = i * classes;
      double max = max(x, start, classes);
      double log = Log.log(0.0 + Sums.pairwise(y, start, classes));
      for (int j = start; j < start + classes; j++) {
        y[j] = x[j] - max - log;
      }
    }
  }

  /**
   * Computes the gradient of {@link #logProbabilities}: {@code dout - np.exp(y) * np.sum(dout,
   * axis=1, keepdims=True)}.
   *
   * @param sums of rows elements; modified
   * @param dx another array than dout; modified
   */
  public static void logGradient(
      double[] dout, double[] y, int rows, int classes, double[] sums, double[] dx) {
    Sums.ofRows(dout, rows, classes, sums);
    FunctionKernel.CHOSEN.exp(y, 0, dx, 0, rows * classes);
    for (int i = 0; i < rows; i++) {
      for (int j = i * classes; j < (i + 1) * classes; j++) {
        dx[j] = dout[j] - dx[j] * sums[i];
      }
    }
  }

  /**
   * Computes the loss and its gradient with respect to x.
   *
   * <p>Where the probability of a right class is below {@link Double#MIN_NORMAL}, so that it has
   * lost digits or is 0, that row's term is {@code log(sum) - (x_y - max)} instead.
   *
   * @param x (rows, classes); not modified
   * @param labels the right class of each row
   * @param gradient (rows, classes), another array than x; modified
   */
  public static double loss(double[] x, int[] labels, int rows, int classes, double[] gradient) {
    exponentials(x, rows, classes, gradient);
    return (0.0 + new Pass(x, labels, rows, classes, gradient).pairwise(0, rows)) / rows;
  }

  private static void exponentials(double[] x, int rows, int classes, double[] e) {
    exponentials(x, 0, rows, classes, e);
  }

  /** Computes {@code e = exp(x - max)}, max being that of the row. */
  private static void exponentials(double[] x, int offset, int rows, int classes, double[] e) {
    for (int i = 0; i < rows; i++) {
      int start = offset + i * classes;
      double max = max(x, start, classes);
      for (int j = start; j < start + classes; j++) {
        e[j] = x[j] - max;
      }
    }
    FunctionKernel.CHOSEN.exp(e, offset, e, offset, rows * classes);
  }

  /** The largest of n values or NaN; which zero it is makes no difference to a difference's exp. */
  private static double max(double[] x, int start, int n) {
    double max = x[start];
    for (int i = start + 1; i < start + n && !Double.isNaN(max); i++) {
      if (!(x[i] <= max)) {
        max = x[i];
      }
    }
    return max;
  }

  /** Rows are finished in order while their terms are added pairwise, so no term is stored. */
  private static final class Pass {
    private final double[] x;
    private final int[] labels;
    private final int rows;
    private final int classes;
    private final double[] gradient;

    Pass(double[] x, int[] labels, int rows, int classes, double[] gradient) {
      this.x = x;
      this.labels = labels;
      this.rows = rows;
      this.classes = classes;
      this.gradient = gradient;
    }

    double pairwise(int from, int n) {
      if (n > Sums.BLOCK) {
        int half = Sums.firstPart(n);
        double left = pairwise(from, half);
        return left + pairwise(from + half, n - half);
      }
      double sum = -0.0;
      int end = from + n;
      int i = from;
      if (n >= 8) {
        double r0 = row(i);
        double r1 = row(i + 1);
        double r2 = row(i + 2);
        double r3 = row(i + 3);
        double r4 = row(i + 4);
        double r5 = row(i + 5);
        double r6 = row(i + 6);
        double r7 = row(i + 7);
        for (i += 8; i <= end - 8; i += 8) {
          r0 += row(i);
          r1 += row(i + 1);
          r2 += row(i + 2);
          r3 += row(i + 3);
          r4 += row(i + 4);
          r5 += row(i + 5);
          r6 += row(i + 6);
          r7 += row(i + 7);
        }
        sum = ((r0 + r1) + (r2 + r3)) + ((r4 + r5) + (r6 + r7));
      }
      for (; i < end; i++) {
        sum += row(i);
      }
      return sum;
    }

    /** Turns the exponentials of a row into its gradient; returns its term of the loss. */
    private double row(int i) {
      int start = i * classes;
      int right = start + labels[i];
      double sum = 0.0 + Sums.pairwise(gradient, start, classes);
      double probability = gradient[right] / sum;
      for (int j = start; j < start + classes; j++) {
        gradient[j] = gradient[j] / sum / rows;
      }
      gradient[right] = (probability - 1.0) / rows;
      if (probability < Double.MIN_NORMAL) {
        return Log.log(sum) - (x[right] - max(x, start, classes));
      }
      return -Log.log(probability);
    }
  }
}
