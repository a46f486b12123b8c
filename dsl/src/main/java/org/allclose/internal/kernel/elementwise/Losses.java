package org.allclose.internal.kernel.elementwise;

import org.allclose.internal.kernel.math.ElementaryFunctions;
import org.allclose.internal.kernel.reduce.Maxima;
import org.allclose.internal.kernel.reduce.Sums;

/**
 * Losses and their gradients with respect to the scores, each operation rounded as in the
 * reference's numpy expressions; sums over all elements are pairwise.
 *
 * <p>Each takes the scores x of n samples and fills gradient, which is as long as x.
 */
public final class Losses {
  private Losses() {}

  /**
   * Computes the multiclass hinge loss: {@code sum(max(0, x_j - x_y + margin)) / n} over the wrong
   * classes.
   *
   * <p>Source: the reference's {@code hinge_loss}; cs231n {@code svm_loss}.
   *
   * @param labels the right class of each row
   */
  public static double hinge(
      double[] x, int[] labels, int n, int classes, double margin, double[] gradient) {
    for (int i = 0; i < n; i++) {
      int start = i * classes;
      double right = x[start + labels[i]];
      for (int j = start; j < start + classes; j++) {
        double m = x[j] - right + margin;
        gradient[j] = m > 0 ? m : 0.0;
      }
      gradient[start + labels[i]] = 0.0;
    }
    double loss = Sums.of(gradient, 0, n * classes) / n;
    for (int i = 0; i < n; i++) {
      int start = i * classes;
      double violations = 0;
      for (int j = start; j < start + classes; j++) {
        double one = gradient[j] > 0 ? 1.0 : 0.0;
        violations += one;
        gradient[j] = one / n;
      }
      gradient[start + labels[i]] = -violations / n;
    }
    return loss;
  }

  /**
   * Computes the softmax loss against probabilities: {@code sum(t * (log(sum) - (x - max))) / n},
   * gradient {@code (exp(x - max) / sum * sum(t) - t) / n}, with sums over the classes of a row.
   *
   * <p>The terms of the loss stand in the gradient until they are added, so that no room is needed
   * for them; the exponentials are computed twice.
   *
   * @param targets as long as x
   */
  public static double softmax(
      double[] x, double[] targets, int n, int classes, double[] gradient) {
    for (int i = 0; i < n; i++) {
      int start = i * classes;
      double max = Maxima.of(x, start, classes);
      double log =
          ElementaryFunctions.log(ClassLosses.exponentials(x, start, max, classes, gradient));
      for (int j = start; j < start + classes; j++) {
        gradient[j] = targets[j] * (log - (x[j] - max));
      }
    }
    double loss = Sums.of(gradient, 0, n * classes) / n;
    for (int i = 0; i < n; i++) {
      int start = i * classes;
      double max = Maxima.of(x, start, classes);
      double sum = ClassLosses.exponentials(x, start, max, classes, gradient);
      double weight = Sums.of(targets, start, classes);
      for (int j = start; j < start + classes; j++) {
        gradient[j] = (gradient[j] / sum * weight - targets[j]) / n;
      }
    }
    return loss;
  }
}
