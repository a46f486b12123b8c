package org.allclose.train.schedule;

import java.util.List;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * A rate that is multiplied by a factor after every epoch: cs231n's {@code lr_decay}.
 *
 * @param rate of the first epoch, at least 0
 * @param decay the factor, at least 0
 */
public record ExponentialDecay(double rate, double decay) implements Schedule {
  private static final Setting<ExponentialDecay, Double> RATE =
      Setting.<ExponentialDecay>number("rate", ExponentialDecay::rate).notNegative();
  private static final Setting<ExponentialDecay, Double> DECAY =
      Setting.<ExponentialDecay>number("decay", ExponentialDecay::decay).notNegative();

  /** What this kind of schedule says of itself. */
  public static final Type<ExponentialDecay> TYPE =
      Type.of(
              "exponential",
              ExponentialDecay.class,
              v -> new ExponentialDecay(v.get(RATE), v.get(DECAY)),
              RATE,
              DECAY)
          .withSamples(() -> List.of(Sample.ofInputs(new ExponentialDecay(0.1, 0.9))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public ExponentialDecay {
    RATE.check(rate);
    DECAY.check(decay);
  }

  @Override
  public Type<ExponentialDecay> type() {
    return TYPE;
  }

  @Override
  public double rate(Position position) {
    double decayed = rate;
    for (int i = 0; i < position.epoch(); i++) {
      decayed *= decay;
    }
    return decayed;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
