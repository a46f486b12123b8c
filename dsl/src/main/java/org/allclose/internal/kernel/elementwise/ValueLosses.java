package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * Losses of scores x and targets t, one for each score: a sum of terms, divided by count. Each
 * operation is rounded as in the reference's numpy expressions; sums are pairwise.
 *
 * <p>Each fills gradient, which is as long as x and t. What is to be added up stands in it first.
 */
public final class ValueLosses {

  /** The least logarithm of a probability that counts. */
  private static final double LEAST_LOG = -100.0;

  /** What a variance is at least in the gradient of probabilities. */
  private static final double LEAST_VARIANCE = 1e-12;

  private ValueLosses() {}

  /** Computes {@code sum(|x - t|) / count}, gradient {@code sign(x - t) / count}. */
  public static double absoluteError(double[] x, double[] t, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = Math.abs(x[i] - t[i]);
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = Math.signum(x[i] - t[i]) / count;
    }
    return loss;
  }

  /** Computes {@code sum((x - t) * (x - t)) / count}, gradient {@code 2 * (x - t) / count}. */
  public static double squaredError(double[] x, double[] t, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = x[i] - t[i];
    }
    double loss = Sums.ofSquares(gradient, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = 2 * gradient[i] / count;
    }
    return loss;
  }

  /**
   * Computes the sum of {@code 0.5 * d * d} where |d| is below delta, else {@code delta * (|d| -
   * 0.5 * delta)}, divided by count, d being x - t; gradient {@code d} or {@code sign(d) * delta},
   * divided by count.
   */
  public static double huber(
      double[] x, double[] t, double delta, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      double d = x[i] - t[i];
      double size = Math.abs(d);
      gradient[i] = size < delta ? 0.5 * d * d : delta * (size - 0.5 * delta);
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      double d = x[i] - t[i];
      gradient[i] = (Math.abs(d) < delta ? d : Math.signum(d) * delta) / count;
    }
    return loss;
  }

  /**
   * Computes the sum of {@code 0.5 * d * d / beta} where |d| is below beta, else {@code |d| - 0.5 *
   * beta}, divided by count, d being x - t; gradient {@code d / beta} or {@code sign(d)}, divided
   * by count.
   */
  public static double smoothAbsoluteError(
      double[] x, double[] t, double beta, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      double d = x[i] - t[i];
      double size = Math.abs(d);
      gradient[i] = size < beta ? 0.5 * d * d / beta : size - 0.5 * beta;
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      double d = x[i] - t[i];
      gradient[i] = (Math.abs(d) < beta ? d / beta : Math.signum(d)) / count;
    }
    return loss;
  }

  /**
   * Computes {@code sum(t * log(t) - t * x) / count} over the targets that are not 0, gradient
   * {@code -t / count}; x are logarithms of probabilities, t probabilities.
   */
  public static double divergence(double[] x, double[] t, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = t[i] == 0 ? 0.0 : t[i] * ElementaryFunctions.log(t[i]) - t[i] * x[i];
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = -t[i] / count;
    }
    return loss;
  }

  /**
   * Computes {@code sum(exp(t) * (t - x)) / count}, gradient {@code -exp(t) / count}; x and t are
   * logarithms of probabilities.
   */
  public static double divergenceOfLogarithms(
      double[] x, double[] t, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = ElementaryFunctions.exp(t[i]) * (t[i] - x[i]);
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = -ElementaryFunctions.exp(t[i]) / count;
    }
    return loss;
  }

  /**
   * Computes {@code sum(1 - cos) / count} over rows, with {@code cos = sum(x * t) / sqrt(a * b)},
   * {@code a = sum(x * x) + epsilon}, {@code b = sum(t * t) + epsilon}; gradient {@code (cos * x /
   * a - t / sqrt(a * b)) / count}.
   */
  public static double cosine(
      double[] x, double[] t, int columns, double epsilon, double count, double[] gradient) {
    int rows = gradient.length / columns;
    for (int i = 0; i < rows; i++) {
      double a = dot(x, x, i * columns, columns, gradient) + epsilon;
      double b = dot(t, t, i * columns, columns, gradient) + epsilon;
      gradient[i] = 1.0 - dot(x, t, i * columns, columns, gradient) / Math.sqrt(a * b);
    }
    double loss = Sums.of(gradient, 0, rows) / count;
    for (int i = 0; i < rows; i++) {
      int start = i * columns;
      double a = dot(x, x, start, columns, gradient) + epsilon;
      double b = dot(t, t, start, columns, gradient) + epsilon;
      double size = Math.sqrt(a * b);
      double cos = dot(x, t, start, columns, gradient) / size;
      for (int j = start; j < start + columns; j++) {
        gradient[j] = (cos * x[j] / a - t[j] / size) / count;
      }
    }
    return loss;
  }

  /** Returns {@code np.sum(x * y)} of a row, each product rounded. */
  private static double dot(double[] x, double[] y, int start, int n, double[] scratch) {
    for (int j = start; j < start + n; j++) {
      scratch[j] = x[j] * y[j];
    }
    return Sums.of(scratch, start, n);
  }

  /**
   * Computes {@code sum((t - 1) * max(log1p(-x), -100) - t * max(log(x), -100)) / count}, gradient
   * {@code (x - t) / max((1 - x) * x, 1e-12) / count}; x are probabilities.
   */
  public static double binaryCrossEntropyOfProbabilities(
      double[] x, double[] t, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      double no = ElementaryFunctions.log1p(-x[i]);
      double yes = ElementaryFunctions.log(x[i]);
      gradient[i] =
          (t[i] - 1) * (no < LEAST_LOG ? LEAST_LOG : no)
              - t[i] * (yes < LEAST_LOG ? LEAST_LOG : yes);
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    for (int i = 0; i < gradient.length; i++) {
      double variance = (1 - x[i]) * x[i];
      gradient[i] = (x[i] - t[i]) / (variance < LEAST_VARIANCE ? LEAST_VARIANCE : variance) / count;
    }
    return loss;
  }

  /**
   * Computes the binary cross-entropy of logits: {@code sum(where(x > 0, x, 0) - x * t +
   * log1p(exp(-|x|))) / count}, gradient {@code (sigmoid(x) - t) / count}.
   */
  public static double binaryCrossEntropy(double[] x, double[] t, double count, double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      double z = ElementaryFunctions.exp(-Math.abs(x[i]));
      gradient[i] = (x[i] > 0 ? x[i] : 0.0) - x[i] * t[i] + ElementaryFunctions.log1p(z);
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    Activations.sigmoid(x, gradient, gradient.length);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (gradient[i] - t[i]) / count;
    }
    return loss;
  }

  /**
   * Computes the binary cross-entropy of logits with factors: with {@code p * t} for t where it
   * speaks for 1, {@code sum(((1 - t) * x + ((p - 1) * t + 1) * (log1p(exp(-|x|)) + where(x < 0,
   * -x, 0))) * w) / count}, gradient {@code ((p * t + 1 - t) * sigmoid(x) - p * t) * w / count}.
   *
   * @param positive p, one number for each column, or one for all
   * @param weights w, likewise
   */
  public static double binaryCrossEntropy(
      double[] x,
      double[] t,
      double[] positive,
      double[] weights,
      double count,
      double[] gradient) {
    for (int i = 0; i < gradient.length; i++) {
      double softplus = ElementaryFunctions.log1p(ElementaryFunctions.exp(-Math.abs(x[i])));
      double share = (positive[i % positive.length] - 1) * t[i] + 1;
      double term = (1 - t[i]) * x[i] + share * (softplus + (x[i] < 0 ? -x[i] : 0.0));
      gradient[i] = term * weights[i % weights.length];
    }
    double loss = Sums.of(gradient, 0, gradient.length) / count;
    Activations.sigmoid(x, gradient, gradient.length);
    for (int i = 0; i < gradient.length; i++) {
      double yes = positive[i % positive.length] * t[i];
      gradient[i] = ((yes + 1 - t[i]) * gradient[i] - yes) * weights[i % weights.length] / count;
    }
    return loss;
  }
}
