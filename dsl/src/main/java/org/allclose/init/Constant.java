package org.allclose.init;

import java.util.Arrays;
import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * One value everywhere; nothing is drawn.
 *
 * @param value the value
 */
public record Constant(double value) implements Initializer {
  private static final Setting<Constant, Double> VALUE =
      Setting.<Constant>number("value", Constant::value).bare();

  /** What this kind of initializer says of itself. */
  public static final Type<Constant> TYPE =
      Type.of("constant", Constant.class, v -> new Constant(v.get(VALUE)), VALUE)
          .withSamples(() -> List.of(Sample.of(new Constant(0.1), 3)));

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

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
