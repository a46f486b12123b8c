package org.allclose.kernel;

/** Softmax loss. */
public final class Softmax {
  private Softmax() {}

  /** Computes the loss and its gradient. */
  public static double loss(double[] x, int[] labels, int rows, int classes, double[] gradient) {
    double loss = 0;
    for (int i = 0; i < rows; i++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < classes; j++) {
        max = Math.max(max, x[i * classes + j]);
      }
      double sum = 0;
      for (int j = 0; j < classes; j++) {
        gradient[i * classes + j] = Math.exp(x[i * classes + j] - max);
        sum += gradient[i * classes + j];
      }
      loss += -Math.log(gradient[i * classes + labels[i]] / sum);
      for (int j = 0; j < classes; j++) {
        gradient[i * classes + j] =
            (gradient[i * classes + j] / sum - (j == labels[i] ? 1.0 : 0.0)) / rows;
      }
    }
    return loss / rows;
  }
}
