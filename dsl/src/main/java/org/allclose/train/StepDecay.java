package org.allclose.train;

/**
 * A rate that is multiplied by a factor after every so many epochs.
 *
 * @param rate of the first epochs, at least 0
 * @param factor at least 0
 * @param every the number of epochs, at least 1
 */
public record StepDecay(double rate, double factor, int every) implements Schedule {

  public StepDecay {
    Schedule.requireRate("rate", rate);
    Schedule.requireRate("factor", factor);
    if (every < 1) {
      throw new IllegalArgumentException("every: expected at least 1 epoch but got " + every);
    }
  }

  @Override
  public String type() {
    return "step";
  }

  @Override
  public double rate(Position position) {
    double decayed = rate;
    for (int i = 0; i < position.epoch() / every; i++) {
      decayed *= factor;
    }
    return decayed;
  }
}
