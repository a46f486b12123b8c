package org.allclose.train.schedule;

import java.util.List;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * A rate that is multiplied by a factor after every so many epochs.
 *
 * @param rate of the first epochs, at least 0
 * @param factor at least 0
 * @param every the number of epochs, at least 1
 */
public record StepDecay(double rate, double factor, int every) implements Schedule {
  private static final Setting<StepDecay, Double> RATE =
      Setting.<StepDecay>number("rate", StepDecay::rate).notNegative();
  private static final Setting<StepDecay, Double> FACTOR =
      Setting.<StepDecay>number("factor", StepDecay::factor).notNegative();
  private static final Setting<StepDecay, Integer> EVERY =
      Setting.<StepDecay>integer("every", StepDecay::every).atLeast(1);

  /** What this kind of schedule says of itself. */
  public static final Type<StepDecay> TYPE =
      Type.of(
              "step",
              StepDecay.class,
              v -> new StepDecay(v.get(RATE), v.get(FACTOR), v.get(EVERY)),
              RATE,
              FACTOR,
              EVERY)
          .withSamples(() -> List.of(Sample.ofInputs(new StepDecay(0.1, 0.5, 3))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public StepDecay {
    RATE.check(rate);
    FACTOR.check(factor);
    EVERY.check(every);
  }

  @Override
  public Type<StepDecay> type() {
    return TYPE;
  }

  @Override
  public double rate(Position position) {
    double decayed = rate;
    for (int i = 0; i < position.epoch() / every; i++) {
      decayed *= factor;
    }
    return decayed;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
