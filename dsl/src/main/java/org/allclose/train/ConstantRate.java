package org.allclose.train;

/**
 * The same learning rate for every step.
 *
 * @param rate at least 0
 */
public record ConstantRate(double rate) implements Schedule {

  public ConstantRate {
    Schedule.requireRate("rate", rate);
  }

  @Override
  public String type() {
    return "constant";
  }

  @Override
  public double rate(Position position) {
    return rate;
  }
}
