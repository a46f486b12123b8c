package org.allclose.train;

import java.util.Collection;
import org.allclose.Parameters;
import org.allclose.internal.ops.TrainingOps;
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
    Collection<Tensor> all = gradients.asMap().values();
    if (value < Double.POSITIVE_INFINITY) {
      for (Tensor gradient : all) {
        TrainingOps.of(gradient.dtype()).clip(gradient, value);
      }
    }
    if (norm < Double.POSITIVE_INFINITY) {
      scale(all);
    }
  }

  private void scale(Collection<Tensor> all) {
    double squares = 0;
    for (Tensor gradient : all) {
      squares += TrainingOps.of(gradient.dtype()).sumOfSquares(gradient);
    }
    double length = Math.sqrt(squares);
    if (length > norm) {
      for (Tensor gradient : all) {
        TrainingOps.of(gradient.dtype()).scale(gradient, norm / length);
      }
    }
  }
}
