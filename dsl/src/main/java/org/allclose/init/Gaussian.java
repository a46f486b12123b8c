package org.allclose.init;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Normal numbers of mean 0 and one deviation for all layers.
 *
 * <p>Source: cs231n {@code weight_scale * np.random.randn(D, H)}.
 *
 * @param std the standard deviation
 */
public record Gaussian(double std) implements Initializer {
  private static final Setting<Gaussian, Double> STD =
      Setting.<Gaussian>number("std", Gaussian::std).notNegative().bare();

  /** What this kind of initializer says of itself. */
  public static final Type<Gaussian> TYPE =
      Type.of("gaussian", Gaussian.class, v -> new Gaussian(v.get(STD)), STD)
          .withSamples(() -> List.of(Sample.of(new Gaussian(0.1), 4, 3)));

  /**
   * @throws IllegalArgumentException if the deviation is negative or not finite
   */
  public Gaussian {
    STD.check(std);
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

  @Override
  public String toString() {
    return TYPE.print(this);
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
