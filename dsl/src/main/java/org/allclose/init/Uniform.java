package org.allclose.init;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
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
  private static final Setting<Uniform, Double> LOW =
      Setting.<Uniform>number("low", Uniform::low).finite();
  private static final Setting<Uniform, Double> HIGH =
      Setting.<Uniform>number("high", Uniform::high).finite();

  /** What this kind of initializer says of itself. */
  public static final Type<Uniform> TYPE =
      Type.of("uniform", Uniform.class, v -> new Uniform(v.get(LOW), v.get(HIGH)), LOW, HIGH)
          .withSamples(() -> List.of(Sample.of(new Uniform(-0.5, 2), 4, 3)));

  /**
   * @throws IllegalArgumentException if low is above high, or {@code high - low} is not finite
   */
  public Uniform {
    LOW.check(low);
    HIGH.check(high);
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

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
