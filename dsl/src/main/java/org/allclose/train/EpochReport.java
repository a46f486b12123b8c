package org.allclose.train;

import java.util.OptionalDouble;

/**
 * What came of an epoch, or of the first step where a run is checked after it too.
 *
 * @param epoch its number, from 1; 0 after the first step of the first epoch
 * @param steps the number of steps done by its end
 * @param loss the mean of its steps' losses, each before its step
 * @param rate the learning rate of its last step
 * @param accuracy on samples of the training data; empty where it was not asked for
 * @param validationLoss on the whole of the validation data; empty where there is none
 * @param validationAccuracy the same
 */
public record EpochReport(
    int epoch,
    long steps,
    double loss,
    double rate,
    OptionalDouble accuracy,
    OptionalDouble validationLoss,
    OptionalDouble validationAccuracy) {

  /** Returns the loss that schedules and early stopping go by. */
  public double watchedLoss() {
    return validationLoss.orElse(loss);
  }
}
