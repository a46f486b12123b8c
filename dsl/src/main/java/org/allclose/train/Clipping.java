package org.allclose.train;

import java.util.Map;
import org.allclose.Parameters;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.tensor.Tensor;

/**
 * Limits of gradients before they are used: of every value, then of all together.
 *
 * @param value every value goes into [-value, value]; infinite for no limit
 * @param norm all gradients are scaled alike so that the root of the sum of all their squares is at
 *     most this; infinite for no limit
 */
public record Clipping(double value, double norm) {

  /** No limits. */
  public static final Clipping NONE =
      new Clipping(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  public Clipping {
    if (!(value > 0) || !(norm > 0)) {
      throw new IllegalArgumentException(
          "clipping: expected limits above 0 but got value " + value + " and norm " + norm);
    }
  }

  /** Returns a limit of every value: {@code np.clip(dw, -limit, limit)}. */
  public static Clipping byValue(double limit) {
    return new Clipping(limit, Double.POSITIVE_INFINITY);
  }

  /** Returns a limit of the norm of all gradients: PyTorch's and Keras' global norm. */
  public static Clipping byNorm(double limit) {
    return new Clipping(Double.POSITIVE_INFINITY, limit);
  }

  /**
   * Applies the limits.
   *
   * @param gradients modified
   */
  public void apply(Parameters gradients) {
    Map<String, Tensor> all = gradients.asMap();
    if (value < Double.POSITIVE_INFINITY) {
      for (Tensor gradient : all.values()) {
        OptimizerSteps.clip(gradient.unwrap(), value, gradient.size());
      }
    }
    if (norm < Double.POSITIVE_INFINITY) {
      double squares = 0;
      for (Tensor gradient : all.values()) {
        squares += Sums.ofSquares(gradient.unwrap(), gradient.size());
      }
      double length = Math.sqrt(squares);
      if (length > norm) {
        for (Tensor gradient : all.values()) {
          Elementwise.scale(gradient.unwrap(), norm / length, gradient.unwrap(), gradient.size());
        }
      }
    }
  }
}
