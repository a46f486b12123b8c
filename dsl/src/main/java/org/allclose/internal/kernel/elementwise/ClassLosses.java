package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.internal.kernel.reduce.Maxima;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * Losses of rows of scores whose right classes are known, where not every row or class counts the
 * same: each operation rounded as in the reference's numpy expressions, sums pairwise.
 *
 * <p>Each takes the scores x (rows, classes), fills gradient, which is as long, and divides by
 * count. What is to be added up stands in the gradient first, so that no room is needed for it.
 */
public final class ClassLosses {
  private ClassLosses() {}

  /** The right class of each row, and how much it counts. */
  public static final class Labels {
    private final int[] labels;
    private final double[] weights;
    private final boolean hasIgnored;
    private final int ignored;

    /**
     * @param labels the right classes; kept
     * @param weights a factor for each class; empty where all count the same; kept
     * @param hasIgnored whether there is a label whose rows do not count
     * @param ignored that label
     */
    public Labels(int[] labels, double[] weights, boolean hasIgnored, int ignored) {
      this.labels = labels;
      this.weights = weights;
      this.hasIgnored = hasIgnored;
      this.ignored = ignored;
    }

    /** Returns whether a row counts. */
    boolean counts(int row) {
      return !hasIgnored || labels[row] != ignored;
    }

    /** Returns the right class of a row, 0 where it does not count. */
    int right(int row) {
      return counts(row) ? labels[row] : 0;
    }

    /** Returns the factor of a row, 0 where it does not count. */
    double factor(int row) {
      return counts(row) ? weight(weights, labels[row]) : 0.0;
    }

    /**
     * Returns {@code np.sum(factors)} of the rows.
     *
     * @param scratch of at least as many elements as there are rows; modified
     */
    public double sumOfFactors(int rows, double[] scratch) {
      for (int i = 0; i < rows; i++) {
        scratch[i] = factor(i);
      }
      return Sums.of(scratch, 0, rows);
    }
  }

  /** How much each class of each row is to be. */
  private interface Shares {
    double of(int row, int column);
  }

  /**
   * Computes the softmax loss of labels: {@code sum(factor * -log(p_y)) / count}, gradient {@code
   * (p - onehot) / count * factor}. Where {@code p_y} has lost digits, its logarithm is computed as
   * in {@link Softmax#loss}.
   */
  public static double softmax(
      double[] x, Labels labels, int classes, double count, double[] gradient) {
    int rows = x.length / classes;
    for (int i = 0; i < rows; i++) {
      int start = i * classes;
      int right = start + labels.right(i);
      double max = Maxima.of(x, start, classes);
      double sum = exponentials(x, start, max, classes, gradient);
      double probability = gradient[right] / sum;
      double term =
          probability < Double.MIN_NORMAL
              ? ElementaryFunctions.log(sum) - (x[right] - max)
              : -ElementaryFunctions.log(probability);
      gradient[i] = labels.counts(i) ? labels.factor(i) * term : 0.0;
    }
    double loss = Sums.of(gradient, 0, rows) / count;
    for (int i = 0; i < rows; i++) {
      int start = i * classes;
      int right = start + labels.right(i);
      double factor = labels.factor(i);
      double sum = exponentials(x, start, Maxima.of(x, start, classes), classes, gradient);
      for (int j = start; j < start + classes; j++) {
        gradient[j] = (gradient[j] / sum - (j == right ? 1.0 : 0.0)) / count * factor;
      }
    }
    return loss;
  }

  /** Returns the factor of a class. */
  private static double weight(double[] weights, int column) {
    return weights.length == 0 ? 1.0 : weights[column];
  }

  /**
   * Computes the softmax loss of labels that give a part of what is theirs to all classes: {@link
   * #softmax(double[], Shares, int, double, double[])} against {@code (onehot * (1 - smoothing) +
   * smoothing / classes) * weights}, 0 in rows that do not count.
   */
  public static double smoothed(
      double[] x, Labels labels, double smoothing, int classes, double count, double[] gradient) {
    double rest = smoothing / classes;
    double right = 1 - smoothing + rest;
    Shares shares =
        (row, column) ->
            labels.counts(row)
                ? (column == labels.right(row) ? right : rest) * weight(labels.weights, column)
                : 0.0;
    return softmax(x, shares, classes, count, gradient);
  }

  /**
   * Computes the softmax loss against targets that give a part of what is theirs to all classes:
   * {@link #softmax(double[], Shares, int, double, double[])} against {@code (targets * (1 -
   * smoothing) + smoothing / classes) * weights}.
   *
   * @param targets as long as x
   * @param weights a factor for each class; empty where all count the same
   */
  public static double smoothed(
      double[] x,
      double[] targets,
      double[] weights,
      double smoothing,
      double count,
      int classes,
      double[] gradient) {
    double kept = 1 - smoothing;
    double rest = smoothing / classes;
    Shares shares =
        (row, column) -> (targets[row * classes + column] * kept + rest) * weight(weights, column);
    return softmax(x, shares, classes, count, gradient);
  }

  /**
   * Computes the softmax loss against shares: {@code sum(t * (log(sum) - (x - max))) / count} over
   * what is not 0, gradient {@code (p * sum(t) - t) / count}, with sums over the classes of a row.
   */
  private static double softmax(
      double[] x, Shares t, int classes, double count, double[] gradient) {
    int rows = x.length / classes;
    for (int i = 0; i < rows; i++) {
      int start = i * classes;
      double max = Maxima.of(x, start, classes);
      double log = ElementaryFunctions.log(exponentials(x, start, max, classes, gradient));
      for (int j = 0; j < classes; j++) {
        double share = t.of(i, j);
        gradient[start + j] = share == 0 ? 0.0 : share * (log - (x[start + j] - max));
      }
    }
    double loss = Sums.of(gradient, 0, rows * classes) / count;
    for (int i = 0; i < rows; i++) {
      int start = i * classes;
      for (int j = 0; j < classes; j++) {
        gradient[start + j] = t.of(i, j);
      }
      double total = Sums.of(gradient, start, classes);
      double sum = exponentials(x, start, Maxima.of(x, start, classes), classes, gradient);
      for (int j = 0; j < classes; j++) {
        gradient[start + j] = (gradient[start + j] / sum * total - t.of(i, j)) / count;
      }
    }
    return loss;
  }

  /**
   * Computes the negative log-likelihood of scores that are logarithms of probabilities: {@code
   * sum(factor * -x_y) / count}, gradient {@code -factor / count} for the right class, else 0.
   */
  public static double negativeLogLikelihood(
      double[] x, Labels labels, int classes, double count, double[] gradient) {
    int rows = x.length / classes;
    for (int i = 0; i < rows; i++) {
      gradient[i] = labels.counts(i) ? labels.factor(i) * -x[i * classes + labels.right(i)] : 0.0;
    }
    double loss = Sums.of(gradient, 0, rows) / count;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < classes; j++) {
        gradient[i * classes + j] = 0.0;
      }
      if (labels.counts(i)) {
        gradient[i * classes + labels.right(i)] = -labels.factor(i) / count;
      }
    }
    return loss;
  }

  /** Computes {@code e = exp(x - max)} of a row; returns the sum. */
  static double exponentials(double[] x, int start, double max, int classes, double[] e) {
    for (int j = start; j < start + classes; j++) {
      e[j] = x[j] - max;
    }
    ElementaryFunctions.exp(e, start, e, start, classes);
    return Sums.of(e, start, classes);
  }
}
