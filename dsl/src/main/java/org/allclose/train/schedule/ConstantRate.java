package org.allclose.train.schedule;

import java.util.List;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The same learning rate for every step.
 *
 * @param rate at least 0
 */
public record ConstantRate(double rate) implements Schedule {
  private static final Setting<ConstantRate, Double> RATE =
      Setting.<ConstantRate>number("rate", ConstantRate::rate).notNegative();

  /** What this kind of schedule says of itself. */
  public static final Type<ConstantRate> TYPE =
      Type.of("constant", ConstantRate.class, v -> new ConstantRate(v.get(RATE)), RATE)
          .withSamples(() -> List.of(Sample.ofInputs(new ConstantRate(0.1))));

  /**
   * @throws IllegalArgumentException if the rate is not a finite number of at least 0
   */
  public ConstantRate {
    RATE.check(rate);
  }

  @Override
  public Type<ConstantRate> type() {
    return TYPE;
  }

  @Override
  public double rate(Position position) {
    return rate;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
