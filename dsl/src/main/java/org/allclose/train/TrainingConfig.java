package org.allclose.train;

import java.util.List;
import java.util.OptionalInt;

/**
 * How a network is trained: what a run has beside network, data and random state. Immutable.
 *
 * @param optimizer how gradients change parameters
 * @param schedule the learning rate
 * @param clipping limits of the gradients
 * @param draw how batches are drawn
 * @param batch samples in a batch, at least 1
 * @param steps steps until the end; empty where epochs count
 * @param epochs epochs until the end; empty where steps count
 * @param accuracySamples on how many samples of the training data the accuracy is taken, drawn with
 *     replacement as cs231n does, all if there are not more; empty for none
 * @param keepBest whether the run ends with the parameters of the best epoch rather than the last:
 *     that of the highest validation accuracy, as cs231n, or the lowest watched loss where there is
 *     no accuracy
 * @param patience after how many epochs that were not the best so far the run ends early; empty for
 *     never
 */
public record TrainingConfig(
    Optimizer optimizer,
    Schedule schedule,
    Clipping clipping,
    Draw draw,
    int batch,
    OptionalInt steps,
    OptionalInt epochs,
    OptionalInt accuracySamples,
    boolean keepBest,
    OptionalInt patience) {

  public static final int DEFAULT_BATCH = 100;
  public static final Draw DEFAULT_DRAW = Draw.PERMUTATION;

  /** The settings that say when a run ends: they change no bit of what comes before. */
  static final List<String> ENDS = List.of("steps", "epochs", "patience");

  public TrainingConfig {
    requirePositive("batch", OptionalInt.of(batch));
    requirePositive("steps", steps);
    requirePositive("epochs", epochs);
    requirePositive("accuracySamples", accuracySamples);
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
        false,
        OptionalInt.empty());
  }

  /** Returns the same run with another schedule. */
  public TrainingConfig withSchedule(Schedule other) {
    return new TrainingConfig(
        optimizer,
        other,
        clipping,
        draw,
        batch,
        steps,
        epochs,
        accuracySamples,
        keepBest,
        patience);
  }

  /** Returns the same run with other limits of the gradients. */
  public TrainingConfig withClipping(Clipping other) {
    return new TrainingConfig(
        optimizer,
        schedule,
        other,
        draw,
        batch,
        steps,
        epochs,
        accuracySamples,
        keepBest,
        patience);
  }

  /** Returns the same run with batches drawn so. */
  public TrainingConfig withBatches(int size, Draw how) {
    return new TrainingConfig(
        optimizer,
        schedule,
        clipping,
        how,
        size,
        steps,
        epochs,
        accuracySamples,
        keepBest,
        patience);
  }

  /** Returns the same run over a number of steps. */
  public TrainingConfig withSteps(int count) {
    return new TrainingConfig(
        optimizer,
        schedule,
        clipping,
        draw,
        batch,
        OptionalInt.of(count),
        OptionalInt.empty(),
        accuracySamples,
        keepBest,
        patience);
  }

  /** Returns the same run with the accuracy taken on so many samples of the training data. */
  public TrainingConfig withAccuracySamples(int count) {
    return new TrainingConfig(
        optimizer,
        schedule,
        clipping,
        draw,
        batch,
        steps,
        epochs,
        OptionalInt.of(count),
        keepBest,
        patience);
  }

  /** Returns the same run that ends with the parameters of its best epoch. */
  public TrainingConfig keepingBest() {
    return new TrainingConfig(
        optimizer, schedule, clipping, draw, batch, steps, epochs, accuracySamples, true, patience);
  }

  /** Returns the same run that ends early after so many epochs that were not the best so far. */
  public TrainingConfig withPatience(int count) {
    return new TrainingConfig(
        optimizer,
        schedule,
        clipping,
        draw,
        batch,
        steps,
        epochs,
        accuracySamples,
        keepBest,
        OptionalInt.of(count));
  }

  private static void requirePositive(String name, OptionalInt value) {
    if (value.isPresent() && value.getAsInt() < 1) {
      throw new IllegalArgumentException(
          name + ": expected at least 1 but got " + value.getAsInt());
    }
  }
}
