package org.allclose.init;

import java.util.Arrays;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * One value everywhere; nothing is drawn.
 *
 * @param value the value
 */
public record Constant(double value) implements Initializer {

  /** Returns {@code np.full(shape, value)}. */
  public static Constant of(double value) {
    return new Constant(value);
  }

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    Tensor result = Tensor.zeros(shape);
    Arrays.fill(result.unwrap(), value);
    return result;
  }
}
