package org.allclose.init;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Random numbers whose variance is {@code scale / fan}, so that signals neither grow nor fade from
 * layer to layer: what {@link Xavier} and {@link He} are made of.
 *
 * <p>Normal: {@code np.sqrt(scale / fan) * randn(...)}. Uniform: {@code uniform(-limit, limit,
 * ...)} with {@code limit = np.sqrt(3 * scale / fan)}.
 *
 * @param scale the variance times the fan
 * @param fan what the variance is divided by
 * @param distribution normal or uniform
 */
public record VarianceScaling(double scale, Fan fan, Distribution distribution)
    implements Initializer {

  /** What the variance is divided by. */
  public enum Fan {
    /** Fan-in: keeps the variance of outputs. cs231n's {@code randn(n) / sqrt(n)} with scale 1. */
    IN,
    /** Fan-out: keeps the variance of gradients. */
    OUT,
    /** The mean of both. */
    AVERAGE
  }

  /** How the numbers are distributed. */
  public enum Distribution {
    /** Normal, not truncated. */
    NORMAL,
    /** Uniform. */
    UNIFORM
  }

  private static final Setting<VarianceScaling, Double> SCALE =
      Setting.<VarianceScaling>number("scale", VarianceScaling::scale).positive();
  private static final Setting<VarianceScaling, Fan> FAN =
      Setting.choice("fan", Fan.class, VarianceScaling::fan);
  private static final Setting<VarianceScaling, Distribution> DISTRIBUTION =
      Setting.choice("distribution", Distribution.class, VarianceScaling::distribution);

  /** What this kind of initializer says of itself. */
  public static final Type<VarianceScaling> TYPE =
      Type.of(
              "varianceScaling",
              VarianceScaling.class,
              v -> new VarianceScaling(v.get(SCALE), v.get(FAN), v.get(DISTRIBUTION)),
              SCALE,
              FAN,
              DISTRIBUTION)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new VarianceScaling(2, Fan.IN, Distribution.NORMAL), 4, 3),
                      Sample.of(new VarianceScaling(1, Fan.OUT, Distribution.NORMAL), 4, 3),
                      Sample.of(
                          new VarianceScaling(0.5, Fan.AVERAGE, Distribution.UNIFORM), 4, 3)));

  /**
   * @throws IllegalArgumentException if the scale is not positive and finite
   */
  public VarianceScaling {
    SCALE.check(scale);
    FAN.check(fan);
    DISTRIBUTION.check(distribution);
  }

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    double size =
        switch (fan) {
          case IN -> fans.in();
          case OUT -> fans.out();
          case AVERAGE -> ((double) fans.in() + fans.out()) / 2;
        };
    if (distribution == Distribution.NORMAL) {
      return Gaussian.scaled(Math.sqrt(scale / size), shape, random);
    }
    double limit = Math.sqrt(3 * scale / size);
    return Draws.uniform(random, -limit, limit, shape);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
