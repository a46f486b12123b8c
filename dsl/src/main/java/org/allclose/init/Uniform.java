package org.allclose.init;

import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Uniform numbers in one interval for all layers.
 *
 * <p>Source: {@code np.random.uniform(low, high, (D, H))}.
 *
 * @param low the interval's beginning
 * @param high its end
 */
public record Uniform(double low, double high) implements Initializer {

  /**
   * @throws IllegalArgumentException if low is above high, or {@code high - low} is not finite
   */
  public Uniform {
    if (!(low <= high) || !Double.isFinite(high - low)) {
      throw new IllegalArgumentException(
          "uniform: expected low <= high and a finite difference but got " + low + " and " + high);
    }
  }

  /**
   * Returns {@code uniform(low, high, ...)}.
   *
   * @throws IllegalArgumentException if low is above high, or {@code high - low} is not finite
   */
  public static Uniform between(double low, double high) {
    return new Uniform(low, high);
  }

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    return Draws.uniform(random, low, high, shape);
  }
}
