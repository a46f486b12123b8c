package org.allclose.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The losses of a training run, step by step, and what came of each epoch. */
public final class History {
  private final List<EpochReport> epochs = new ArrayList<>();
  private Optional<EpochReport> firstCheck = Optional.empty();
  private final List<Double> watchedLosses = new ArrayList<>();
  private double[] losses = new double[64];
  private int steps;

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

  /** Returns a copy. */
  public History copy() {
    History copy = new History();
    copy.losses = losses.clone();
    copy.steps = steps;
    copy.firstCheck = firstCheck;
    epochs.forEach(copy::add);
    return copy;
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
