package org.allclose.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.allclose.Parameters;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.message.Excerpt;
import org.allclose.tensor.Tensor;
import org.allclose.train.EpochReport;
import org.allclose.train.History;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingListener;
import org.allclose.train.TrainingState;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.RandomStates;

/**
 * The state of a training run in one {@code .npz} file, which numpy reads; it appears whole or not
 * at all, in place of the one before.
 *
 * <p>Entries: {@code parameters/NAME} (running statistics too), {@code optimizer/NAME/SLOT}, {@code
 * best/NAME}, {@code random/0} ... {@code random/4} (the parts of {@code np.random.get_state()}),
 * {@code order} (int64, the samples of the current epoch), {@code losses} (of every step) and
 * {@code epochs}, a row each: number, steps, loss, rate, accuracy, validation loss, validation
 * accuracy, NaN where there is none.
 */
public final class Checkpoint {
  private static final String PARAMETERS = "parameters/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String BEST = "best/";
  private static final String RANDOM = "random/";
  private static final int RANDOM_PARTS = 5;
  private static final int EPOCH_COLUMNS = 7;

  private Checkpoint() {}

  /**
   * Writes a state.
   *
   * @throws IOException if it cannot be written; the file before stays as it was
   */
  public static void write(Path file, TrainingState state) throws IOException {
    Map<String, NpyArray> entries = new LinkedHashMap<>();
    put(entries, PARAMETERS, state.parameters());
    put(entries, OPTIMIZER, state.slots());
    state.best().ifPresent(best -> put(entries, BEST, best));
    List<NpyArray> random = RandomStates.toArrays(state.random());
    for (int i = 0; i < random.size(); i++) {
      entries.put(RANDOM + i, random.get(i));
    }
    long[] order = state.order().stream().mapToLong(Integer::longValue).toArray();
    entries.put("order", NpyArray.of(order, order.length));
    double[] losses = state.history().losses();
    entries.put("losses", NpyArray.of(losses, losses.length));
    List<EpochReport> epochs = state.history().epochs();
    double[] rows = epochs.stream().flatMapToDouble(epoch -> Arrays.stream(row(epoch))).toArray();
    entries.put("epochs", NpyArray.of(rows, epochs.size(), EPOCH_COLUMNS));
    Npz.write(file, entries);
  }

  /**
   * Reads a state.
   *
   * @throws IOException if the file cannot be read, or is not a checkpoint
   */
  public static TrainingState read(Path file) throws IOException {
    Map<String, NpyArray> entries = Npz.read(file);
    List<NpyArray> random = new ArrayList<>();
    for (int i = 0; i < RANDOM_PARTS; i++) {
      random.add(entry(file, entries, RANDOM + i));
    }
    try {
      Parameters best = tensors(entries, BEST);
      return new TrainingState(
          tensors(entries, PARAMETERS),
          tensors(entries, OPTIMIZER),
          RandomStates.toRandomState(file + ": random", random),
          Arrays.stream(entry(file, entries, "order").toInts()).boxed().toList(),
          history(file, entries),
          best.names().isEmpty() ? Optional.empty() : Optional.of(best));
    } catch (IllegalArgumentException | ArithmeticException | IllegalStateException e) {
      throw new IOException(file + ": expected a checkpoint: " + e.getMessage(), e);
    }
  }

  /**
   * Returns a listener that writes a checkpoint after every so many epochs, and at the end.
   *
   * <p>It throws {@link UncheckedIOException} if it cannot; the one before stays.
   */
  public static TrainingListener every(int epochs, Path file) {
    return new TrainingListener() {
      @Override
      public void afterEpoch(Trainer trainer, EpochReport epoch) {
        if (epoch.epoch() % epochs == 0) {
          write(trainer);
        }
      }

      @Override
      public void afterRun(Trainer trainer) {
        write(trainer);
      }

      private void write(Trainer trainer) {
        try {
          Checkpoint.write(file, trainer.state());
        } catch (IOException e) {
          throw new UncheckedIOException(file + ": expected room for a checkpoint: " + e, e);
        }
      }
    };
  }

  private static void put(Map<String, NpyArray> entries, String prefix, Parameters tensors) {
    tensors
        .asMap()
        .forEach((name, tensor) -> entries.put(prefix + name, NumpyTensors.toArray(tensor)));
  }

  private static Parameters tensors(Map<String, NpyArray> entries, String prefix)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, NpyArray> entry : entries.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        String name = entry.getKey().substring(prefix.length());
        tensors.put(name, NumpyTensors.toTensor(entry.getValue()));
      }
    }
    return Parameters.wrap(tensors);
  }

  private static NpyArray entry(Path file, Map<String, NpyArray> entries, String name)
      throws IOException {
    NpyArray array = entries.get(name);
    if (array == null) {
      throw new IOException(
          file
              + ": expected a checkpoint with entry '"
              + name
              + "' but got "
              + Excerpt.of(entries.keySet()));
    }
    return array;
  }

  private static double[] row(EpochReport epoch) {
    return new double[] {
      epoch.epoch(),
      epoch.steps(),
      epoch.loss(),
      epoch.rate(),
      epoch.accuracy().orElse(Double.NaN),
      epoch.validationLoss().orElse(Double.NaN),
      epoch.validationAccuracy().orElse(Double.NaN)
    };
  }

  private static History history(Path file, Map<String, NpyArray> entries) throws IOException {
    History history = new History();
    for (double loss : entry(file, entries, "losses").toDoubles()) {
      history.add(loss);
    }
    Tensor epochs = NumpyTensors.toTensor(entry(file, entries, "epochs"));
    if (epochs.shape().rank() != 2 || epochs.shape().axis(1) != EPOCH_COLUMNS) {
      throw new IOException(
          file + ": epochs: expected shape (n, " + EPOCH_COLUMNS + ") but got " + epochs.shape());
    }
    for (int i = 0; i < epochs.shape().axis(0); i++) {
      history.add(
          new EpochReport(
              (int) epochs.get(i, 0),
              (long) epochs.get(i, 1),
              epochs.get(i, 2),
              epochs.get(i, 3),
              unlessNaN(epochs.get(i, 4)),
              unlessNaN(epochs.get(i, 5)),
              unlessNaN(epochs.get(i, 6))));
    }
    return history;
  }

  private static OptionalDouble unlessNaN(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
