package org.allclose.train;

/**
 * A rate that is multiplied by a factor after every epoch: cs231n's {@code lr_decay}.
 *
 * @param rate of the first epoch, at least 0
 * @param decay the factor, at least 0
 */
public record ExponentialDecay(double rate, double decay) implements Schedule {

  public ExponentialDecay {
    Schedule.requireRate("rate", rate);
    Schedule.requireRate("decay", decay);
  }

  @Override
  public String type() {
    return "exponential";
  }

  @Override
  public double rate(Position position) {
    double decayed = rate;
    for (int i = 0; i < position.epoch(); i++) {
      decayed *= decay;
    }
    return decayed;
  }
}
