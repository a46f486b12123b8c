package org.allclose.init;

import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Normal numbers of mean 0 and one deviation for all layers.
 *
 * <p>Source: cs231n {@code weight_scale * np.random.randn(D, H)}.
 *
 * @param std the standard deviation
 */
public record Gaussian(double std) implements Initializer {

  /**
   * @throws IllegalArgumentException if the deviation is negative or not finite
   */
  public Gaussian {
    if (!(std >= 0) || Double.isInfinite(std)) {
      throw new IllegalArgumentException(
          "gaussian: expected a finite deviation of at least 0 but got " + std);
    }
  }

  /**
   * Returns {@code std * randn(...)}.
   *
   * @throws IllegalArgumentException if the deviation is negative or not finite
   */
  public static Gaussian std(double std) {
    return new Gaussian(std);
  }

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    return scaled(std, shape, random);
  }

  static Tensor scaled(double std, Shape shape, RandomGenerator random) {
    Tensor result = Tensor.zeros(shape);
    double[] values = result.unwrap();
    Draws.normal(random, values);
    for (int i = 0; i < values.length; i++) {
      values[i] = std * values[i];
    }
    return result;
  }
}
