package org.allclose.train;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

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

  public static final int DEFAULT_BATCH = 100;
  public static final Batching DEFAULT_DRAW = Batching.PERMUTATION;

  /** On how many samples of the training data cs231n's Solver takes the accuracy. */
  public static final int CS231N_ACCURACY_SAMPLES = 1000;

  /** The settings that say when a run ends: they change no bit of what comes before. */
  static final List<String> ENDS = List.of("steps", "epochs", "patience");

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
    return new TrainingConfig(
        optimizer,
        Schedule.constant(rate),
        Clipping.NONE,
        DEFAULT_DRAW,
        DEFAULT_BATCH,
        OptionalInt.empty(),
        OptionalInt.of(epochs),
        OptionalInt.empty(),
        OptionalInt.empty(),
        false,
        false,
        false,
        OptionalInt.empty());
  }

  /**
   * Returns a run as cs231n's {@code Solver} does it where nothing else is said: batches of {@value
   * #DEFAULT_BATCH} drawn each on its own, the rate multiplied by a decay after each epoch, the
   * accuracy taken on {@value #CS231N_ACCURACY_SAMPLES} training samples after the first step and
   * each epoch, and in the end the trained parameters of the best check with the running statistics
   * of the last step.
   *
   * <p>The numbers are those of Python if the network has cs231n's conventions as well: see {@link
   * org.allclose.layer.BatchNorm#runningVariance} and {@link org.allclose.layer.Dropout#seed}.
   *
   * @param decay cs231n's {@code lr_decay}
   */
  public static TrainingConfig cs231n(int epochs, Optimizer optimizer, double rate, double decay) {
    return epochs(epochs, optimizer, rate)
        .withSchedule(new ExponentialDecay(rate, decay))
        .withBatches(DEFAULT_BATCH, Batching.CHOICE)
        .withAccuracySamples(CS231N_ACCURACY_SAMPLES)
        .withFirstCheck()
        .keepingBest()
        .withLastStatistics();
  }

  /** Returns the same run with another schedule. */
  public TrainingConfig withSchedule(Schedule other) {
    return with(draft -> draft.schedule = other);
  }

  /** Returns the same run with other limits of the gradients. */
  public TrainingConfig withClipping(Clipping other) {
    return with(draft -> draft.clipping = other);
  }

  /** Returns the same run with batches drawn so. */
  public TrainingConfig withBatches(int size, Batching how) {
    return with(
        draft -> {
          draft.batch = size;
          draft.draw = how;
        });
  }

  /** Returns the same run over a number of steps. */
  public TrainingConfig withSteps(int count) {
    return with(
        draft -> {
          draft.steps = OptionalInt.of(count);
          draft.epochs = OptionalInt.empty();
        });
  }

  /** Returns the same run with the accuracy taken on so many samples of the training data. */
  public TrainingConfig withAccuracySamples(int count) {
    return with(draft -> draft.accuracySamples = OptionalInt.of(count));
  }

  /** Returns the same run with the accuracy taken on so many samples of the validation data. */
  public TrainingConfig withValidationSamples(int count) {
    return with(draft -> draft.validationSamples = OptionalInt.of(count));
  }

  /** Returns the same run that is also checked after its first step. */
  public TrainingConfig withFirstCheck() {
    return with(draft -> draft.firstCheck = true);
  }

  /** Returns the same run that ends with the parameters of its best check. */
  public TrainingConfig keepingBest() {
    return with(draft -> draft.keepBest = true);
  }

  /** Returns the same run that ends with the running statistics of its last step. */
  public TrainingConfig withLastStatistics() {
    return with(draft -> draft.lastStatistics = true);
  }

  /** Returns the same run that ends early after so many epochs that were not the best so far. */
  public TrainingConfig withPatience(int count) {
    return with(draft -> draft.patience = OptionalInt.of(count));
  }

  private TrainingConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** The settings while some of them change. */
  private static final class Draft {
    private final Optimizer optimizer;
    private Schedule schedule;
    private Clipping clipping;
    private Batching draw;
    private int batch;
    private OptionalInt steps;
    private OptionalInt epochs;
    private OptionalInt accuracySamples;
    private OptionalInt validationSamples;
    private boolean firstCheck;
    private boolean keepBest;
    private boolean lastStatistics;
    private OptionalInt patience;

    Draft(TrainingConfig from) {
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

    TrainingConfig finish() {
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

  private static void requirePositive(String name, OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(
          name + ": expected at least 1 but got " + value.getAsInt());
    }
  }
}
