package org.allclose.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.allclose.NetworkSpec;
import org.allclose.init.He;
import org.allclose.init.Initializer;
import org.allclose.init.Xavier;
import org.allclose.internal.json.FieldsReader;
import org.allclose.internal.json.JsonFields;
import org.allclose.internal.json.JsonFile;
import org.allclose.internal.json.SettingsJson;
import org.allclose.internal.message.Excerpt;
import org.allclose.internal.text.Tuple;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpzFile;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Graph;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.train.Dataset;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingConfig;
import org.allclose.type.Types;
import org.allclose.weights.NumpyTensors;

/**
 * The config of {@code allclose train}: all that decides a run beside network and data.
 *
 * <pre>{@code
 * {"format": "allclose-train/1", "seed": 231, "start": {"type": "gaussian", "std": 0.1},
 *  "data": {"x": "images", "y": "labels", "divideBy": 16, "shuffle": true, "validation": 297},
 *  "optimizer": {"type": "adam"}, "schedule": {"type": "constant", "rate": 0.001},
 *  "batch": 50, "epochs": 10, "draw": "permutation", "accuracySamples": 1000,
 *  "validationSamples": 100, "firstCheck": true, "clipNorm": 5, "keepBest": true,
 *  "lastStatistics": true, "patience": 3}
 * }</pre>
 *
 * <p>Starts are all initializers by their names, such as {@code gaussian} with {@code std}, and
 * {@code he} and {@code xavier} for their normal forms. The last {@code validation} samples are not
 * trained on; with {@code shuffle}, the samples are first put into the order {@code
 * np.random.permutation(n)}, drawn before the start. {@code y} holds labels, or values if it has
 * two axes. For a network of several inputs, {@code x} names the array of each, {@code {"features":
 * "features", "words": "captions"}}; tokens are not divided.
 */
public final class TrainingFile {

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-train/1";

  /** What the input of a network that has but one is called, where the config does not. */
  private static final String ONLY = "x";

  private static final Map<String, FieldsReader<Initializer, JsonFormatException>> STARTS =
      starts();

  private final int seed;
  private final Initializer start;
  private final Data data;
  private final TrainingConfig config;

  /**
   * Which arrays are the data, and how they are prepared.
   *
   * @param x the names of arrays by those of inputs; of a network of one input, by any
   */
  private record Data(
      Map<String, String> x, String y, double divideBy, boolean shuffle, int validation) {}

  private TrainingFile(int seed, Initializer start, Data data, TrainingConfig config) {
    this.seed = seed;
    this.start = start;
    this.data = data;
    this.config = config;
  }

  private static Map<String, FieldsReader<Initializer, JsonFormatException>> starts() {
    Map<String, FieldsReader<Initializer, JsonFormatException>> starts = new LinkedHashMap<>();
    Types.of(Initializer.class)
        .byName()
        .forEach((name, type) -> starts.put(name, fields -> SettingsJson.read(type, fields)));
    starts.put("he", fields -> He.normal());
    starts.put("xavier", fields -> Xavier.normal());
    return starts;
  }

  /**
   * Reads a config.
   *
   * @throws JsonFormatException if the file is not in the format
   * @throws IOException if it cannot be read
   */
  public static TrainingFile read(Path file) throws IOException {
    return JsonFile.read(file, TrainingFile::read);
  }

  static TrainingFile read(JsonFields fields) throws JsonFormatException {
    fields.oneOf("format", Map.of(FORMAT, FORMAT));
    return new TrainingFile(
        fields.integer("seed", 0),
        fields.object("start", TrainingFile::start),
        fields.object("data", TrainingFile::data),
        TrainingJson.read(fields));
  }

  /** Returns how the network is trained. */
  public TrainingConfig config() {
    return config;
  }

  /**
   * Returns a run at its beginning.
   *
   * @param file the arrays
   * @throws IOException if the arrays cannot be read, or are not those of the config
   * @throws IllegalArgumentException if they do not fit the network
   */
  public Trainer trainer(NetworkSpec network, Path file) throws IOException {
    Map<String, NpyArray> x = new LinkedHashMap<>();
    NpyArray y;
    try (NpzFile arrays = NpzFile.open(file)) {
      for (Map.Entry<String, String> input : data.x.entrySet()) {
        x.put(input.getKey(), array(file, arrays, input.getValue()));
      }
      y = array(file, arrays, data.y);
    }
    for (Map.Entry<String, NpyArray> input : x.entrySet()) {
      requireRows(file, data.x.get(input.getKey()), input.getValue(), y);
    }
    NumpyRandomState random = NumpyRandomState.seed(seed);
    Dataset all = set(network, x, y);
    int[] order =
        data.shuffle ? random.permutation(all.size()) : IntStream.range(0, all.size()).toArray();
    Dataset training = all.select(Arrays.copyOf(order, order.length - data.validation));
    Optional<Dataset> validation =
        data.validation == 0
            ? Optional.empty()
            : Optional.of(
                all.select(
                    Arrays.copyOfRange(order, order.length - data.validation, order.length)));
    return new Trainer(network.initialize(random, start), config, training, validation, random)
        .startedFrom("seed", seed)
        .startedFrom("start", start)
        .startedFrom("data: divideBy", data.divideBy)
        .startedFrom("data: shuffle", data.shuffle)
        .startedFrom("data: validation", data.validation);
  }

  private void requireRows(Path file, String name, NpyArray x, NpyArray y) throws IOException {
    if (x.rank() == 0 || y.rank() == 0 || x.shape()[0] != y.shape()[0]) {
      throw new IOException(
          file
              + ": expected a row of '"
              + data.y
              + "' for each of '"
              + name
              + "' but got shapes "
              + List.of(Tuple.of(y.shape()), Tuple.of(x.shape())));
    }
    if (x.shape()[0] <= data.validation) {
      throw new IOException(
          file
              + ": expected more than the "
              + data.validation
              + " samples for validation but got "
              + x.shape()[0]);
    }
  }

  private Dataset set(NetworkSpec network, Map<String, NpyArray> x, NpyArray y) throws IOException {
    if (network.losses().size() > 1) {
      throw new IllegalArgumentException(
          "data: expected a network of one loss but got one of " + network.losses().size());
    }
    List<Graph.Input> inputs = network.inputs();
    List<String> names = inputs.stream().map(Graph.Input::name).toList();
    boolean isOne = names.size() == 1 && x.size() == 1;
    if (!isOne && (x.size() != names.size() || !x.keySet().containsAll(names))) {
      throw new IllegalArgumentException(
          "data.x: expected arrays of inputs " + names + " but got " + x.keySet());
    }
    Map<String, Dataset.Samples> samples = new LinkedHashMap<>();
    for (Graph.Input input : inputs) {
      NpyArray array = isOne ? x.values().iterator().next() : x.get(input.name());
      double divisor = !isOne && input.isTokens() ? 1 : data.divideBy;
      samples.put(input.name(), new ArraySamples(array, input.shape(), divisor));
    }
    Tensor targets = NumpyTensors.toTensor(y);
    return Dataset.ofSamples(
        samples, areLabels(network, y.rank()) ? Targets.labels(targets) : Targets.values(targets));
  }

  /** Labels are one for each sample, or one for each place of scores that have classes last. */
  private static boolean areLabels(NetworkSpec network, int rank) {
    boolean classes = network.loss().map(Loss::takesLabels).orElse(false);
    return rank == 1 || (classes && rank == network.graph().shapeOf(network.scored()).rank());
  }

  private static NpyArray array(Path file, NpzFile arrays, String name) throws IOException {
    if (!arrays.contains(name)) {
      throw new IOException(
          file + ": expected an array '" + name + "' but got " + Excerpt.of(arrays.arrayNames()));
    }
    return arrays.read(name);
  }

  private static Initializer start(JsonFields fields) throws JsonFormatException {
    return fields.oneOf("type", STARTS).read(fields);
  }

  private static Map<String, String> arrays(JsonFields fields) throws JsonFormatException {
    Map<String, String> arrays = new LinkedHashMap<>();
    for (String input : fields.keys()) {
      arrays.put(input, fields.text(input));
    }
    return arrays;
  }

  private static Data data(JsonFields fields) throws JsonFormatException {
    Data data =
        new Data(
            fields.has("x") && !fields.isText("x")
                ? fields.object("x", TrainingFile::arrays)
                : Map.of(ONLY, fields.text("x")),
            fields.text("y"),
            fields.number("divideBy", 1),
            fields.truth("shuffle", false),
            fields.has("validation") ? fields.integer("validation", 0) : 0);
    if (data.divideBy == 0) {
      throw fields.error("divideBy", "a number other than 0", "0");
    }
    return data;
  }
}
