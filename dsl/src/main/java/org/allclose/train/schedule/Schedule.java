package org.allclose.train.schedule;

import java.util.List;
import org.allclose.type.Type;

/**
 * How the learning rate goes: an immutable record of its settings, a function of where training is,
 * with nothing to remember, so that a run can go on from anywhere.
 */
public interface Schedule {

  /**
   * Where training is.
   *
   * @param step the number of the step, from 0
   * @param epoch the number of the epoch, from 0
   * @param losses for each epoch that has ended, the mean of its steps' losses, or the validation
   *     loss where there is one
   */
  record Position(long step, int epoch, List<Double> losses) {}

  /** Returns what this kind of schedule says of itself; it is called so in files. */
  Type<? extends Schedule> type();

  /** Returns the learning rate of a step. */
  double rate(Position position);

  /**
   * Returns the same rate for every step.
   *
   * @throws IllegalArgumentException if it is not a finite number of at least 0
   */
  static Schedule constant(double rate) {
    return new ConstantRate(rate);
  }
}
