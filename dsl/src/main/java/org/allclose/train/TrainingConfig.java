package org.allclose.train;

import java.util.List;
import java.util.OptionalInt;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.train.schedule.ExponentialDecay;
import org.allclose.train.schedule.Schedule;

/**
 * How a network is trained: what a run has beside network, data and random state. Immutable.
 *
 * @param optimizer how gradients change parameters
 * @param schedule the learning rate
 * @param clipping limits of the gradients
 * @param draw how batches are drawn
 * @param batch samples in a batch, at least 1; of a permutation of fewer samples, all are one batch
 * @param steps steps until the end; empty where epochs count
 * @param epochs epochs until the end; empty where steps count
 * @param accuracySamples on how many samples of the training data the accuracy is taken, drawn with
 *     replacement as cs231n does, all if there are not more; empty for none
 * @param validationSamples on how many samples of the validation data, drawn likewise; empty for
 *     all of them
 * @param firstCheck whether the network is tried after the first step as well as after each epoch,
 *     as cs231n does, which moves the random state on where samples are drawn
 * @param keepBest whether the run ends with the parameters of the best check rather than the last:
 *     that of the highest validation accuracy, as cs231n, or the lowest watched loss where there is
 *     no accuracy; of equal ones the first
 * @param lastStatistics whether running statistics are those of the last step even where the best
 *     parameters are kept, as in cs231n, whose {@code best_params} do not hold them
 * @param patience after how many epochs that were not the best so far the run ends early; empty for
 *     never
 */
public record TrainingConfig(
    Optimizer optimizer,
    Schedule schedule,
    Clipping clipping,
    Batching draw,
    int batch,
    OptionalInt steps,
    OptionalInt epochs,
    OptionalInt accuracySamples,
    OptionalInt validationSamples,
    boolean firstCheck,
    boolean keepBest,
    boolean lastStatistics,
    OptionalInt patience) {

  /** Samples in a batch where nothing is said. */
  public static final int DEFAULT_BATCH = 100;

  /** How batches are drawn where nothing is said. */
  public static final Batching DEFAULT_DRAW = Batching.PERMUTATION;

  /** On how many samples of the training data cs231n's Solver takes the accuracy. */
  public static final int CS231N_ACCURACY_SAMPLES = 1000;

  /** The settings that say when a run ends: they change no bit of what comes before. */
  static final List<String> ENDS = List.of("steps", "epochs", "patience");

  /**
   * @throws IllegalArgumentException if a number is not at least 1, or there are both steps and
   *     epochs, or neither
   */
  public TrainingConfig {
    requirePositive("batch", OptionalInt.of(batch));
    requirePositive("steps", steps);
    requirePositive("epochs", epochs);
    requirePositive("accuracySamples", accuracySamples);
    requirePositive("validationSamples", validationSamples);
    requirePositive("patience", patience);
    if (steps.isPresent() == epochs.isPresent()) {
      throw new IllegalArgumentException(
          "training: expected either steps or epochs but got "
              + (steps.isPresent() ? "both" : "neither"));
    }
  }

  /** Returns a run over a number of epochs. */
  public static TrainingConfig epochs(int epochs, Optimizer optimizer, double rate) {
    return builder(optimizer, Schedule.constant(rate)).epochs(epochs).build();
  }

  /** Returns what makes a run, with all else as it is where nothing is said, but for its end. */
  public static Builder builder(Optimizer optimizer, Schedule schedule) {
    return new Builder(optimizer, schedule);
  }

  /**
   * Returns a run as cs231n's {@code Solver} does it where nothing else is said: batches of {@value
   * #DEFAULT_BATCH} drawn each on its own, the rate multiplied by a decay after each epoch, the
   * accuracy taken on {@value #CS231N_ACCURACY_SAMPLES} training samples after the first step and
   * each epoch, and in the end the trained parameters of the best check with the running statistics
   * of the last step.
   *
   * <p>The numbers are those of Python if the network has cs231n's conventions as well: see {@link
   * org.allclose.layer.norm.BatchNorm#runningVariance} and {@link
   * org.allclose.layer.activation.Dropout#seed}.
   *
   * @param decay cs231n's {@code lr_decay}
   */
  public static TrainingConfig cs231n(int epochs, Optimizer optimizer, double rate, double decay) {
    return builder(optimizer, new ExponentialDecay(rate, decay))
        .epochs(epochs)
        .batches(DEFAULT_BATCH, Batching.CHOICE)
        .accuracySamples(CS231N_ACCURACY_SAMPLES)
        .firstCheck(true)
        .keepBest(true)
        .lastStatistics(true)
        .build();
  }

  /** Returns the same run with another schedule. */
  public TrainingConfig withSchedule(Schedule other) {
    return toBuilder().schedule(other).build();
  }

  /** Returns the same run with other limits of the gradients. */
  public TrainingConfig withClipping(Clipping other) {
    return toBuilder().clipping(other).build();
  }

  /** Returns the same run with batches drawn so. */
  public TrainingConfig withBatches(int size, Batching how) {
    return toBuilder().batches(size, how).build();
  }

  /** Returns the same run over a number of steps. */
  public TrainingConfig withSteps(int count) {
    return toBuilder().steps(count).build();
  }

  /** Returns the same run with the accuracy taken on so many samples of the training data. */
  public TrainingConfig withAccuracySamples(int count) {
    return toBuilder().accuracySamples(count).build();
  }

  /** Returns the same run with the accuracy taken on so many samples of the validation data. */
  public TrainingConfig withValidationSamples(int count) {
    return toBuilder().validationSamples(count).build();
  }

  /** Returns the same run that is also checked after its first step. */
  public TrainingConfig withFirstCheck() {
    return toBuilder().firstCheck(true).build();
  }

  /** Returns the same run that ends with the parameters of its best check. */
  public TrainingConfig keepingBest() {
    return toBuilder().keepBest(true).build();
  }

  /** Returns the same run that ends with the running statistics of its last step. */
  public TrainingConfig withLastStatistics() {
    return toBuilder().lastStatistics(true).build();
  }

  /** Returns the same run that ends early after so many epochs that were not the best so far. */
  public TrainingConfig withPatience(int count) {
    return toBuilder().patience(count).build();
  }

  /** Returns what makes runs that differ from this one in some settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  private static void requirePositive(String name, OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(
          name + ": expected at least 1 but got " + value.getAsInt());
    }
  }

  /**
   * Settings of a run, one after another; what they mean stands at {@link TrainingConfig}. They are
   * checked when the run is made.
   */
  public static final class Builder {
    private final Optimizer optimizer;
    private Schedule schedule;
    private Clipping clipping = Clipping.NONE;
    private Batching draw = DEFAULT_DRAW;
    private int batch = DEFAULT_BATCH;
    private OptionalInt steps = OptionalInt.empty();
    private OptionalInt epochs = OptionalInt.empty();
    private OptionalInt accuracySamples = OptionalInt.empty();
    private OptionalInt validationSamples = OptionalInt.empty();
    private boolean firstCheck;
    private boolean keepBest;
    private boolean lastStatistics;
    private OptionalInt patience = OptionalInt.empty();

    private Builder(Optimizer optimizer, Schedule schedule) {
      this.optimizer = optimizer;
      this.schedule = schedule;
    }

    private Builder(TrainingConfig from) {
      optimizer = from.optimizer;
      schedule = from.schedule;
      clipping = from.clipping;
      draw = from.draw;
      batch = from.batch;
      steps = from.steps;
      epochs = from.epochs;
      accuracySamples = from.accuracySamples;
      validationSamples = from.validationSamples;
      firstCheck = from.firstCheck;
      keepBest = from.keepBest;
      lastStatistics = from.lastStatistics;
      patience = from.patience;
    }

    /** Sets the learning rate. */
    public Builder schedule(Schedule other) {
      schedule = other;
      return this;
    }

    /** Sets the limits of the gradients. */
    public Builder clipping(Clipping other) {
      clipping = other;
      return this;
    }

    /** Sets the number of samples in a batch, and how they are drawn. */
    public Builder batches(int size, Batching how) {
      batch = size;
      draw = how;
      return this;
    }

    /** Ends the run after a number of steps rather than of epochs. */
    public Builder steps(int count) {
      steps = OptionalInt.of(count);
      epochs = OptionalInt.empty();
      return this;
    }

    /** Ends the run after a number of epochs rather than of steps. */
    public Builder epochs(int count) {
      epochs = OptionalInt.of(count);
      steps = OptionalInt.empty();
      return this;
    }

    /** Sets on how many samples of the training data the accuracy is taken. */
    public Builder accuracySamples(int count) {
      accuracySamples = OptionalInt.of(count);
      return this;
    }

    /** Sets on how many samples of the validation data the accuracy is taken. */
    public Builder validationSamples(int count) {
      validationSamples = OptionalInt.of(count);
      return this;
    }

    /** Sets whether the network is tried after the first step. */
    public Builder firstCheck(boolean isMade) {
      firstCheck = isMade;
      return this;
    }

    /** Sets whether the run ends with the parameters of its best check. */
    public Builder keepBest(boolean areKept) {
      keepBest = areKept;
      return this;
    }

    /** Sets whether the run ends with the running statistics of its last step. */
    public Builder lastStatistics(boolean areThose) {
      lastStatistics = areThose;
      return this;
    }

    /** Ends the run early after so many epochs that were not the best so far. */
    public Builder patience(int count) {
      patience = OptionalInt.of(count);
      return this;
    }

    /**
     * Returns the run.
     *
     * @throws IllegalArgumentException if a number is not at least 1, or there is no end
     */
    public TrainingConfig build() {
      return new TrainingConfig(
          optimizer,
          schedule,
          clipping,
          draw,
          batch,
          steps,
          epochs,
          accuracySamples,
          validationSamples,
          firstCheck,
          keepBest,
          lastStatistics,
          patience);
    }
  }
}
