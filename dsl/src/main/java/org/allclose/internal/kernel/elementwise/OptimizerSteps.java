package org.allclose.internal.kernel.elementwise;

/**
 * The steps of optimizers, element by element, each with the bits of the numpy expression it names.
 *
 * <p>Every operation is rounded on its own, from left to right. Nothing is allocated.
 */
public final class OptimizerSteps {

  private OptimizerSteps() {}

  /**
   * Computes {@code w -= rate * decay * w}.
   *
   * @param w modified
   */
  public static void decay(double[] w, double rate, double decay, int n) {
    double factor = rate * decay;
    for (int i = 0; i < n; i++) {
      w[i] -= factor * w[i];
    }
  }

  /**
   * Computes {@code before = v; v = momentum * v - rate * dw; w += -momentum * before + (1 +
   * momentum) * v}.
   *
   * @param w modified
   * @param v modified
   */
  public static void nesterov(
      double[] w, double[] dw, double rate, double[] v, double momentum, int n) {
    double ahead = 1 + momentum;
    for (int i = 0; i < n; i++) {
      double before = v[i];
      v[i] = momentum * before - rate * dw[i];
      w[i] += -momentum * before + ahead * v[i];
    }
  }

  /**
   * Computes {@code v = momentum * v - rate * dw; w += momentum * v - rate * dw}.
   *
   * @param w modified
   * @param v modified
   */
  public static void kerasNesterov(
      double[] w, double[] dw, double rate, double[] v, double momentum, int n) {
    for (int i = 0; i < n; i++) {
      v[i] = momentum * v[i] - rate * dw[i];
      w[i] += momentum * v[i] - rate * dw[i];
    }
  }

  /**
   * Computes {@code squares += dw * dw}.
   *
   * @param squares modified
   */
  public static void addSquares(double[] squares, double[] dw, int n) {
    for (int i = 0; i < n; i++) {
      squares[i] += dw[i] * dw[i];
    }
  }

  /**
   * Computes {@code squares = decay * squares + (1 - decay) * (dw * dw)}.
   *
   * @param squares modified
   */
  public static void averageSquares(double[] squares, double[] dw, double decay, int n) {
    double rest = 1 - decay;
    for (int i = 0; i < n; i++) {
      squares[i] = decay * squares[i] + rest * (dw[i] * dw[i]);
    }
  }

  /**
   * Computes {@code mean = decay * mean + (1 - decay) * dw}.
   *
   * @param mean modified
   */
  public static void average(double[] mean, double[] dw, double decay, int n) {
    double rest = 1 - decay;
    for (int i = 0; i < n; i++) {
      mean[i] = decay * mean[i] + rest * dw[i];
    }
  }

  /**
   * Computes {@code w -= rate * direction / (sqrt(squares) + epsilon)}.
   *
   * @param w modified
   */
  public static void scaledByRoot(
      double[] w, double[] direction, double rate, double[] squares, double epsilon, int n) {
    for (int i = 0; i < n; i++) {
      w[i] -= rate * direction[i] / (Math.sqrt(squares[i]) + epsilon);
    }
  }

  /**
   * Computes {@code w -= rate * direction / sqrt(squares + epsilon)}.
   *
   * @param w modified
   */
  public static void scaledByRootOfSum(
      double[] w, double[] direction, double rate, double[] squares, double epsilon, int n) {
    for (int i = 0; i < n; i++) {
      w[i] -= rate * direction[i] / Math.sqrt(squares[i] + epsilon);
    }
  }

  /**
   * Computes {@code w -= rate * (mean / meanCorrection) / (sqrt(squares / squaresCorrection) +
   * epsilon)}.
   *
   * @param w modified
   */
  public static void corrected(
      double[] w,
      double rate,
      double[] mean,
      double meanCorrection,
      double[] squares,
      double squaresCorrection,
      double epsilon,
      int n) {
    for (int i = 0; i < n; i++) {
      double root = Math.sqrt(squares[i] / squaresCorrection);
      w[i] -= rate * (mean[i] / meanCorrection) / (root + epsilon);
    }
  }

  /**
   * Computes {@code np.clip(x, -limit, limit)}; NaN stays.
   *
   * @param x modified
   */
  public static void clip(double[] x, double limit, int n) {
    for (int i = 0; i < n; i++) {
      double v = x[i];
      x[i] = v > limit ? limit : v < -limit ? -limit : v;
    }
  }
}
