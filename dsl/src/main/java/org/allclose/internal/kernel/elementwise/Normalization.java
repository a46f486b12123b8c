package org.allclose.internal.kernel.elementwise;

/**
 * Normalization of values that lie in groups: x, its gradient and the normalized values are (outer,
 * groups, inner), mean and deviation have one number a group.
 *
 * <p>Features of a batch (N, D) are (N, D, 1), channels of images (N, C, H * W), rows (1, rows,
 * columns).
 *
 * <p>Source: the reference's {@code batch_norm_forward} and {@code normalize_backward}.
 */
public final class Normalization {
  private Normalization() {}

  /**
   * Computes {@code deviation = sqrt(variance + epsilon)}.
   *
   * @param deviation modified
   */
  public static void deviation(double[] variance, double epsilon, double[] deviation, int n) {
    for (int i = 0; i < n; i++) {
      deviation[i] = Math.sqrt(variance[i] + epsilon);
    }
  }

  /**
   * Computes {@code normalized = (x - mean) / deviation}.
   *
   * @param normalized modified
   */
  public static void normalize(
      double[] x,
      int outer,
      int groups,
      int inner,
      double[] mean,
      double[] deviation,
      double[] normalized) {
    for (int row = 0, k = 0; row < outer * groups; row++) {
      double m = mean[row % groups];
      double d = deviation[row % groups];
      for (int i = 0; i < inner; i++, k++) {
        normalized[k] = (x[k] - m) / d;
      }
    }
  }

  /**
   * Computes {@code out = gamma * normalized + beta}, each operation rounded.
   *
   * @param out modified
   */
  public static void scaleAndShift(
      double[] normalized,
      int outer,
      int groups,
      int inner,
      double[] gamma,
      double[] beta,
      double[] out) {
    for (int row = 0, k = 0; row < outer * groups; row++) {
      double scale = gamma[row % groups];
      double shift = beta[row % groups];
      for (int i = 0; i < inner; i++, k++) {
        out[k] = scale * normalized[k] + shift;
      }
    }
  }

  /**
   * Computes {@code scaled = x * factor}, with one factor a group.
   *
   * @param scaled modified
   */
  public static void scale(
      double[] x, int outer, int groups, int inner, double[] factor, double[] scaled) {
    for (int row = 0, k = 0; row < outer * groups; row++) {
      double f = factor[row % groups];
      for (int i = 0; i < inner; i++, k++) {
        scaled[k] = x[k] * f;
      }
    }
  }

  /**
   * Computes {@code quotient = x / divisor}, with one divisor a group.
   *
   * @param quotient modified
   */
  public static void divide(
      double[] x, int outer, int groups, int inner, double[] divisor, double[] quotient) {
    for (int row = 0, k = 0; row < outer * groups; row++) {
      double d = divisor[row % groups];
      for (int i = 0; i < inner; i++, k++) {
        quotient[k] = x[k] / d;
      }
    }
  }

  /**
   * Computes the gradient with respect to x of values normalized by their own mean and deviation:
   * {@code dx = (dnormalized - meanOfGradient - normalized * meanOfProduct) / deviation}.
   *
   * @param dnormalized the gradient with respect to the normalized values
   * @param meanOfGradient the mean of dnormalized over each group
   * @param meanOfProduct the mean of {@code dnormalized * normalized} over each group
   * @param dx modified; may be dnormalized
   */
  public static void gradient(
      double[] dnormalized,
      double[] normalized,
      int outer,
      int groups,
      int inner,
      double[] meanOfGradient,
      double[] meanOfProduct,
      double[] deviation,
      double[] dx) {
    for (int row = 0, k = 0; row < outer * groups; row++) {
      double m = meanOfGradient[row % groups];
      double p = meanOfProduct[row % groups];
      double d = deviation[row % groups];
      for (int i = 0; i < inner; i++, k++) {
        dx[k] = (dnormalized[k] - m - normalized[k] * p) / d;
      }
    }
  }

  /**
   * Computes {@code updated = momentum * running + (1 - momentum) * sample}.
   *
   * @param updated modified
   */
  public static void average(
      double[] running, double[] sample, double momentum, double[] updated, int n) {
    double rest = 1 - momentum;
    for (int i = 0; i < n; i++) {
      updated[i] = momentum * running[i] + rest * sample[i];
    }
  }
}
