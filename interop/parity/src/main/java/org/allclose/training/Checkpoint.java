package org.allclose.training;

import com.google.gson.JsonObject;
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
import org.allclose.internal.json.Json;
import org.allclose.internal.json.JsonFields;
import org.allclose.internal.message.Excerpt;
import org.allclose.internal.text.Tuple;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.json.JsonFormatException;
import org.allclose.tensor.Tensor;
import org.allclose.train.History;
import org.allclose.train.History.EpochReport;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingListener;
import org.allclose.train.TrainingState;
import org.allclose.weights.NumpyTensors;

/**
 * The state of a training run in one {@code .npz} file, which numpy reads; it appears whole or not
 * at all, in place of the one before.
 *
 * <p>Entries: {@code parameters/NAME} (running statistics too), {@code optimizer/NAME/SLOT}, {@code
 * best/NAME}, {@code random/0} ... {@code random/4} (the parts of {@code np.random.get_state()}),
 * {@code order} (int64, the samples of the current epoch), {@code losses} (of every step) and
 * {@code epochs}, a row each: number, steps, loss, rate, accuracy, validation loss, validation
 * accuracy, NaN where there is none; {@code firstCheck}, such a row for the check after the first
 * step, where there was one. {@code run} is a JSON text that says which run it is of: {@link
 * TrainingState#run}. A file with other entries, or whose entries contradict each other, is no
 * checkpoint.
 */
public final class Checkpoint {
  private static final String PARAMETERS = "parameters/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String BEST = "best/";
  private static final String RANDOM = "random/";
  private static final String FIRST = "firstCheck";
  private static final String RUN = "run";
  private static final List<String> NAMES =
      List.of(
          "random/0", "random/1", "random/2", "random/3", "random/4", "order", "losses", "epochs");
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
    state
        .history()
        .firstCheck()
        .ifPresent(check -> entries.put(FIRST, NpyArray.of(row(check), 1, EPOCH_COLUMNS)));
    entries.put(RUN, NpyArray.of(new String[] {print(state.run())}, new int[0]));
    Npz.write(file, entries);
  }

  /**
   * Reads a state. One that does not say which run it is of, as older versions wrote it, has an
   * empty {@link TrainingState#run}.
   *
   * @throws IOException if the file cannot be read, or is not a checkpoint
   */
  public static TrainingState read(Path file) throws IOException {
    Map<String, NpyArray> entries = Npz.read(file);
    requireEntries(file, entries);
    try {
      List<NpyArray> random = new ArrayList<>();
      for (int i = 0; i < RANDOM_PARTS; i++) {
        random.add(entries.get(RANDOM + i));
      }
      Parameters best = tensors(entries, BEST);
      return new TrainingState(
          tensors(entries, PARAMETERS),
          tensors(entries, OPTIMIZER),
          RandomStates.toRandomState(file + ": random", random),
          Arrays.stream(vector("order", entries).toInts()).boxed().toList(),
          history(entries),
          best.names().isEmpty() ? Optional.empty() : Optional.of(best),
          run(file, entries));
    } catch (IllegalArgumentException | ArithmeticException | IllegalStateException e) {
      throw new IOException(file + ": expected a checkpoint: " + e.getMessage(), e);
    }
  }

  /**
   * Lets a trainer go on from a file.
   *
   * @throws IOException if the file cannot be read, is not a checkpoint, or is one of another run;
   *     the trainer is as before then
   */
  public static void resume(Path file, Trainer trainer) throws IOException {
    TrainingState state = read(file);
    try {
      trainer.restore(state);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Lets a trainer go on from a file that may be of a run with other settings.
   *
   * @return what differs, each as {@code key: expected 0.1 but got 0.05}
   * @throws IOException if the file cannot be read, is not a checkpoint, or its parameters, slots
   *     or epochs are not such as the run has; the trainer is as before then
   */
  public static List<String> resumeWithChanges(Path file, Trainer trainer) throws IOException {
    TrainingState state = read(file);
    try {
      trainer.restoreWithChanges(state);
      return trainer.differences(state);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
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

  private static void requireEntries(Path file, Map<String, NpyArray> entries) throws IOException {
    for (String name : NAMES) {
      if (!entries.containsKey(name)) {
        throw new IOException(
            file
                + ": expected a checkpoint with entry '"
                + name
                + "' but got "
                + Excerpt.of(entries.keySet()));
      }
    }
    for (String name : entries.keySet()) {
      if (!NAMES.contains(name)
          && !name.equals(RUN)
          && !name.equals(FIRST)
          && !name.startsWith(PARAMETERS)
          && !name.startsWith(OPTIMIZER)
          && !name.startsWith(BEST)) {
        throw new IOException(
            file + ": expected the entries of a checkpoint but got '" + name + "' as well");
      }
    }
  }

  private static NpyArray vector(String name, Map<String, NpyArray> entries) {
    NpyArray array = entries.get(name);
    if (array.rank() != 1) {
      throw new IllegalArgumentException(
          name + ": expected shape (n,) but got " + Tuple.of(array.shape()));
    }
    return array;
  }

  private static String print(Map<String, String> run) {
    JsonObject json = new JsonObject();
    run.forEach(json::addProperty);
    return json.toString();
  }

  private static Map<String, String> run(Path file, Map<String, NpyArray> entries)
      throws IOException {
    NpyArray array = entries.get(RUN);
    if (array == null) {
      return Map.of();
    }
    String place = file + ": " + RUN;
    if (array.rank() != 0) {
      throw new IOException(place + ": expected one text but got shape " + Tuple.of(array.shape()));
    }
    return Json.parse(place, array.toStrings()[0], Checkpoint::run);
  }

  private static Map<String, String> run(JsonFields fields) throws JsonFormatException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : fields.keys()) {
      values.put(key, fields.text(key));
    }
    return values;
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

  private static History history(Map<String, NpyArray> entries) throws IOException {
    History history = new History();
    for (double loss : vector("losses", entries).toDoubles()) {
      history.add(loss);
    }
    reports(entries, "epochs").forEach(history::add);
    if (entries.containsKey(FIRST)) {
      reports(entries, FIRST).forEach(history::addFirstCheck);
    }
    return history;
  }

  private static List<EpochReport> reports(Map<String, NpyArray> entries, String name)
      throws IOException {
    Tensor rows = NumpyTensors.toTensor(entries.get(name));
    if (rows.shape().rank() != 2 || rows.shape().axis(1) != EPOCH_COLUMNS) {
      throw new IllegalArgumentException(
          name + ": expected shape (n, " + EPOCH_COLUMNS + ") but got " + rows.shape());
    }
    List<EpochReport> reports = new ArrayList<>();
    for (int i = 0; i < rows.shape().axis(0); i++) {
      reports.add(
          new EpochReport(
              whole(name, rows, i, 0),
              whole(name, rows, i, 1),
              rows.get(i, 2),
              rows.get(i, 3),
              unlessNaN(rows.get(i, 4)),
              unlessNaN(rows.get(i, 5)),
              unlessNaN(rows.get(i, 6))));
    }
    return reports;
  }

  private static int whole(String name, Tensor epochs, int row, int column) {
    double value = epochs.get(row, column);
    if (value != (int) value) {
      throw new IllegalArgumentException(
          name
              + "["
              + row
              + "]: expected a whole number in column "
              + column
              + " but got "
              + value);
    }
    return (int) value;
  }

  private static OptionalDouble unlessNaN(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
