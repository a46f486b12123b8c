package org.allclose.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The losses of a training run, step by step, and what came of each epoch. */
public final class History {
  private final List<EpochReport> epochs = new ArrayList<>();
  private Optional<EpochReport> firstCheck = Optional.empty();
  private final List<Double> watchedLosses = new ArrayList<>();
  private double[] losses = new double[64];
  private int steps;

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

  /** Returns the loss of every step, before it. */
  public double[] losses() {
    return Arrays.copyOf(losses, steps);
  }

  /** Returns the number of steps. */
  public int steps() {
    return steps;
  }

  /**
   * Returns the loss of the latest step, before it.
   *
   * @throws IllegalStateException if there was no step
   */
  public double latestLoss() {
    if (steps == 0) {
      throw new IllegalStateException("history: expected a step before but there was none");
    }
    return losses[steps - 1];
  }

  /** Returns the epochs that have ended. */
  public List<EpochReport> epochs() {
    return Collections.unmodifiableList(epochs);
  }

  /**
   * Returns what came of the first step, if the run was checked after it and an epoch has more than
   * one.
   */
  public Optional<EpochReport> firstCheck() {
    return firstCheck;
  }

  /** Returns all checks in their order: {@link #firstCheck} and {@link #epochs}. */
  public List<EpochReport> checks() {
    List<EpochReport> checks = new ArrayList<>(epochs);
    firstCheck.ifPresent(first -> checks.add(0, first));
    return checks;
  }

  /** Returns the number of the first check that no other is better than; 0 is the first step's. */
  int bestEpoch() {
    EpochReport chosen = checks().get(0);
    for (EpochReport epoch : checks()) {
      boolean better =
          epoch.validationAccuracy().isPresent()
              ? epoch.validationAccuracy().getAsDouble() > chosen.validationAccuracy().getAsDouble()
              : epoch.watchedLoss() < chosen.watchedLoss();
      if (better) {
        chosen = epoch;
      }
    }
    return chosen.epoch();
  }

  /** Returns a copy. */
  public History copy() {
    History copy = new History();
    copy.losses = losses.clone();
    copy.steps = steps;
    copy.firstCheck = firstCheck;
    epochs.forEach(copy::add);
    return copy;
  }

  /**
   * Checks that losses and epochs are such as a run leaves: finite, numbered from 1, of as many
   * steps each, and with a loss for each step.
   *
   * @throws IllegalArgumentException if not
   */
  void requireConsistent() {
    for (int i = 0; i < steps; i++) {
      if (!Double.isFinite(losses[i])) {
        throw unlike("losses[" + i + "]", "a finite loss", losses[i]);
      }
    }
    for (int i = 0; i < epochs.size(); i++) {
      requireConsistent("epochs[" + i + "]", epochs.get(i), i + 1, epochs.get(0).steps() * (i + 1));
    }
    firstCheck.ifPresent(check -> requireConsistent("firstCheck", check, 0, 1));
    if (!epochs.isEmpty() && steps / epochs.get(0).steps() != epochs.size()) {
      long length = epochs.get(0).steps();
      throw unlike(
          "losses",
          "those of " + length * epochs.size() + " to " + (length * (epochs.size() + 1) - 1),
          steps + " steps");
    }
  }

  private static void requireConsistent(
      String place, EpochReport epoch, int number, long expected) {
    if (epoch.epoch() != number) {
      throw unlike(place, "number " + number, epoch.epoch());
    }
    if (epoch.steps() < 1 || epoch.steps() != expected) {
      throw unlike(place, Math.max(1, expected) + " steps", epoch.steps());
    }
    if (!Double.isFinite(epoch.loss())) {
      throw unlike(place, "a finite loss", epoch.loss());
    }
    if (!(epoch.rate() >= 0) || Double.isInfinite(epoch.rate())) {
      throw unlike(place, "a finite rate of at least 0", epoch.rate());
    }
    requireShare(place + ": accuracy", epoch.accuracy());
    requireShare(place + ": validation accuracy", epoch.validationAccuracy());
  }

  private static void requireShare(String place, OptionalDouble accuracy) {
    if (!(accuracy.orElse(0) >= 0 && accuracy.orElse(0) <= 1)) {
      throw unlike(place, "a share from 0 to 1", accuracy.getAsDouble());
    }
  }

  private static IllegalArgumentException unlike(String place, String expected, Object got) {
    return new IllegalArgumentException(place + ": expected " + expected + " but got " + got);
  }

  /** Returns the losses that schedules go by, one for each epoch that has ended. */
  List<Double> watchedLosses() {
    return watchedLosses;
  }

  /** Returns the mean loss of the latest steps. */
  double meanOfLatest(int count) {
    double sum = 0;
    for (int i = steps - count; i < steps; i++) {
      sum += losses[i];
    }
    return sum / count;
  }

  /** Adds the loss of a step. */
  public void add(double loss) {
    if (steps == losses.length) {
      losses = Arrays.copyOf(losses, 2 * steps);
    }
    losses[steps++] = loss;
  }

  /** Adds what came of the first step. */
  public void addFirstCheck(EpochReport check) {
    firstCheck = Optional.of(check);
  }

  /** Adds an epoch that has ended. */
  public void add(EpochReport epoch) {
    epochs.add(epoch);
    watchedLosses.add(epoch.watchedLoss());
  }
}
