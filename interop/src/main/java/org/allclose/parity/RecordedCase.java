package org.allclose.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.json.Json;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Mode;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NetworkFile;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.NumpyWeights;

/**
 * A case as Python recorded it: inputs, what they gave, and with what it was recorded.
 *
 * <p>It is a folder with a {@value #FILE} of format {@value #FORMAT} beside its {@code .npy} files:
 *
 * <pre>{@code
 * {"format": "allclose-case/1", "name": "fc_4d", "function": "fc",
 *  "inputs": {"x": "x.npy", "W": "W.npy", "b": "b.npy", "dout": "dout.npy"},
 *  "expected": {"out": {"file": "out.npy", "match": "exact"},
 *               "dx": {"file": "dx.npy", "match": {"ulps": 4}, "reason": "another order"}},
 *  "recorded": {"numpy": "2.4.6", "mode": "strict"}}
 * }</pre>
 *
 * <p>{@code reason} says why a match is looser than exact, and may be left out. Instead of a
 * function a case can have a {@code network}, in the case or in a file beside it, with its {@code
 * weights}; {@code outputs} are then the expected outputs of its layers, and {@code inputGradients}
 * the expected gradients of the loss with respect to their inputs.
 */
public final class RecordedCase {

  /** The name of the file that makes a folder a case. */
  public static final String FILE = "case.json";

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-case/1";

  private final String name;
  private final Path folder;
  private final Optional<String> function;
  private final Optional<Network> network;
  private final Mode mode;
  private final OptionalInt seed;
  private final Map<String, Tensor> inputs;
  private final Map<String, Expectation> expected;
  private final Map<String, Expectation> outputs;
  private final Map<String, Expectation> inputGradients;
  private final Map<String, String> recorded;

  private RecordedCase(
      RecordedCase other,
      String name,
      Optional<Network> network,
      UnaryOperator<Expectation> change) {
    this.name = name;
    folder = other.folder;
    function = other.function;
    this.network = network;
    mode = other.mode;
    seed = other.seed;
    inputs = other.inputs;
    expected = changed(other.expected, change);
    outputs = changed(other.outputs, change);
    inputGradients = changed(other.inputGradients, change);
    recorded = other.recorded;
  }

  private RecordedCase(Path folder, JsonFields fields) throws IOException {
    this.folder = folder;
    String format = fields.text("format");
    if (!format.equals(FORMAT)) {
      throw fields.error("format", "'" + FORMAT + "'", "'" + format + "'");
    }
    name = fields.text("name");
    if (fields.has("function") == fields.has("network")) {
      throw new JsonFormatException(
          fields.place()
              + ": expected either 'function' or 'network' but got "
              + (fields.has("function") ? "both" : "neither"));
    }
    function = fields.has("function") ? Optional.of(fields.text("function")) : Optional.empty();
    network = fields.has("network") ? Optional.of(network(fields)) : Optional.empty();
    mode = fields.has("mode") ? mode(fields) : Network.DEFAULT_MODE;
    seed = fields.has("seed") ? OptionalInt.of(fields.integer("seed")) : OptionalInt.empty();
    inputs = readInputs(fields.object("inputs"));
    expected = readExpected(fields.object("expected"));
    outputs = readLayers(fields, "outputs");
    inputGradients = readLayers(fields, "inputGradients");
    recorded = readRecorded(fields);
    if (expected.isEmpty()) {
      throw fields.error("expected", "at least one tensor", "none");
    }
    fields.close();
  }

  /**
   * Reads a case.
   *
   * @param folder holds {@value #FILE}
   * @throws IOException if a file is missing or cannot be read, or is not in its format
   */
  public static RecordedCase read(Path folder) throws IOException {
    return new RecordedCase(folder, Json.read(folder.resolve(FILE)));
  }

  public String name() {
    return name;
  }

  public Path folder() {
    return folder;
  }

  /** Returns the name of the function whose results were recorded, unless it is a network's. */
  public Optional<String> function() {
    return function;
  }

  /** Returns the network whose results were recorded, bound to its weights. */
  public Optional<Network> network() {
    return network;
  }

  /** Returns what the network was run for. */
  public Mode mode() {
    return mode;
  }

  /** Returns the seed of the {@code RandomState} that the network's layers drew from. */
  public OptionalInt seed() {
    return seed;
  }

  /**
   * Returns an input.
   *
   * @throws IllegalArgumentException if the case has none of that name
   */
  public Tensor input(String input) {
    return find("input", input, inputs);
  }

  /** Returns whether the case has an input. */
  public boolean hasInput(String input) {
    return inputs.containsKey(input);
  }

  /** Returns what is expected, by the tensors' names, in the order of the case. */
  public Map<String, Expectation> expected() {
    return expected;
  }

  /**
   * Returns what is expected of one tensor.
   *
   * @throws IllegalArgumentException if the case expects none of that name
   */
  public Expectation expected(String tensor) {
    return find("expected", tensor, expected);
  }

  /** Returns what is expected of the layers' outputs, by the layers' names, first layer first. */
  public Map<String, Expectation> outputs() {
    return outputs;
  }

  /**
   * Returns what is expected of the gradients of the layers' inputs, by the layers' names, first
   * layer first.
   */
  public Map<String, Expectation> inputGradients() {
    return inputGradients;
  }

  /** Returns with what the case was recorded: versions, mode, script, seed. */
  public Map<String, String> recorded() {
    return recorded;
  }

  /** Returns the same case under another name, which reports will call it. */
  public RecordedCase withName(String other) {
    return new RecordedCase(this, other, network, expectation -> expectation);
  }

  /** Returns the same case, all of whose tensors must be as near as the given match says. */
  public RecordedCase withMatch(Match match) {
    return new RecordedCase(
        this,
        name,
        network,
        expectation -> new Expectation(expectation.value(), match, expectation.reason()));
  }

  /**
   * Returns the same case with other parameters for its network.
   *
   * @param weights gives the parameters for the network
   * @throws IllegalStateException if the case is not a network's
   * @throws IllegalArgumentException if a parameter is missing, a tensor is not used, or one does
   *     not have its parameter's shape
   */
  public RecordedCase withWeights(Function<NetworkSpec, ? extends WeightSource> weights) {
    NetworkSpec spec =
        network
            .orElseThrow(
                () -> new IllegalStateException("case '" + name + "': expected one of a network"))
            .spec();
    Network other = spec.bind(weights.apply(spec));
    return new RecordedCase(this, name, Optional.of(other), expectation -> expectation);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Map<String, Expectation> changed(
      Map<String, Expectation> expectations, UnaryOperator<Expectation> change) {
    Map<String, Expectation> others = new LinkedHashMap<>();
    expectations.forEach((key, expectation) -> others.put(key, change.apply(expectation)));
    return Collections.unmodifiableMap(others);
  }

  private <T> T find(String what, String key, Map<String, T> values) {
    T value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "case '" + name + "': " + what + " '" + key + "': expected one of " + values.keySet());
    }
    return value;
  }

  private Network network(JsonFields fields) throws IOException {
    NetworkSpec spec =
        fields.isText("network")
            ? NetworkFile.read(file(fields, "network"))
            : NetworkFile.read(fields.object("network"));
    try {
      return FittingWindows.bind(spec, NumpyWeights.open(file(fields, "weights")));
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException(fields.place() + ": " + e.getMessage(), e);
    }
  }

  private static Mode mode(JsonFields fields) throws JsonFormatException {
    return switch (fields.text("mode")) {
      case "training" -> Mode.TRAINING;
      case "inference" -> Mode.INFERENCE;
      default ->
          throw fields.error("mode", "'training' or 'inference'", "'" + fields.text("mode") + "'");
    };
  }

  private Map<String, Tensor> readInputs(JsonFields fields) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String key : fields.keys()) {
      tensors.put(key, NumpyTensors.read(file(fields, key)));
    }
    return Collections.unmodifiableMap(tensors);
  }

  private Map<String, Expectation> readExpected(JsonFields fields) throws IOException {
    Map<String, Expectation> expectations = new LinkedHashMap<>();
    for (String key : fields.keys()) {
      JsonFields entry = fields.object(key);
      Tensor value = NumpyTensors.read(file(entry, "file"));
      String reason = entry.has("reason") ? entry.text("reason") : "";
      expectations.put(key, new Expectation(value, readMatch(entry), reason));
      entry.close();
    }
    return Collections.unmodifiableMap(expectations);
  }

  /** Reads what is expected of a network's layers, if anything. */
  private Map<String, Expectation> readLayers(JsonFields fields, String key) throws IOException {
    if (!fields.has(key)) {
      return Map.of();
    }
    if (network.isEmpty()) {
      throw fields.error(key, "a network whose layers they are", "a function");
    }
    return readExpected(fields.object(key));
  }

  private static Match readMatch(JsonFields entry) throws JsonFormatException {
    if (entry.isText("match")) {
      String text = entry.text("match");
      if (!text.equals("exact")) {
        throw entry.error("match", "'exact', {\"ulps\": k} or {\"rtol\": r, \"atol\": a}", text);
      }
      return Match.EXACT;
    }
    JsonFields match = entry.object("match");
    try {
      Match limit =
          match.has("ulps")
              ? Match.ulps(match.number("ulps"))
              : Match.tolerance(match.number("rtol"), match.number("atol"));
      match.close();
      return limit;
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException(match.place() + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> readRecorded(JsonFields fields) throws JsonFormatException {
    Map<String, String> values = new LinkedHashMap<>();
    JsonFields object = fields.object("recorded");
    for (String key : object.keys()) {
      values.put(key, object.isText(key) ? object.text(key) : object.raw(key));
    }
    return Collections.unmodifiableMap(values);
  }

  /** Returns a file of the case, which may stand in a folder within it but not outside. */
  private Path file(JsonFields fields, String key) throws JsonFormatException {
    String text = fields.text(key);
    Path home = folder.toAbsolutePath().normalize();
    Path file = folder.resolve(text);
    if (!file.toAbsolutePath().normalize().startsWith(home) || !Files.isRegularFile(file)) {
      throw fields.error(key, "a file within " + folder, "'" + text + "'");
    }
    return file;
  }
}
