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
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.json.Json;
import org.allclose.json.JsonFields;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Mode;
import org.allclose.message.Excerpt;
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
 * <p>{@code match} is {@code "exact"}, <code>{"zeros": "equal"}</code>, which is exact but for the
 * sign of zeros and may stand beside other limits, <code>{"ulps": k}</code>, <code>{"rounding": k}
 * </code> or <code>{"rtol": r, "atol": a}</code>: see {@link Match}. {@code reason} says why a
 * match is looser than exact, and may be left out. Instead of a function a case can have a {@code
 * network}, in the case or in a file beside it, with its {@code weights}; {@code outputs} are then
 * the expected outputs of its layers, and {@code inputGradients} the expected gradients of the loss
 * with respect to their inputs.
 */
public final class RecordedCase {

  /** The name of the file that makes a folder a case. */
  public static final String FILE = "case.json";

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-case/1";

  private static final Map<String, Mode> MODES = modes();

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
  private final Map<String, Tensor> decisions;

  private RecordedCase(
      RecordedCase other,
      String name,
      Optional<Network> network,
      Map<String, Tensor> decisions,
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
    this.decisions = decisions;
  }

  private RecordedCase(Path folder, JsonFields fields) throws IOException {
    this.folder = folder;
    fields.oneOf("format", Map.of(FORMAT, FORMAT));
    name = fields.text("name");
    if (fields.has("function") == fields.has("network")) {
      throw fields.error(
          "either 'function' or 'network'", fields.has("function") ? "both" : "neither");
    }
    function = fields.has("function") ? Optional.of(fields.text("function")) : Optional.empty();
    network = fields.has("network") ? Optional.of(network(fields)) : Optional.empty();
    mode = fields.has("mode") ? fields.oneOf("mode", MODES) : Network.DEFAULT_MODE;
    seed = fields.has("seed") ? OptionalInt.of(fields.integer("seed")) : OptionalInt.empty();
    inputs = fields.object("inputs", this::readInputs);
    expected = fields.object("expected", this::readExpected);
    outputs = readLayers(fields, "outputs");
    inputGradients = readLayers(fields, "inputGradients");
    recorded = fields.object("recorded", RecordedCase::readRecorded);
    decisions = Map.of();
    if (expected.isEmpty()) {
      throw fields.error("expected", "at least one tensor", "none");
    }
  }

  private static Map<String, Mode> modes() {
    Map<String, Mode> modes = new LinkedHashMap<>();
    modes.put("training", Mode.TRAINING);
    modes.put("inference", Mode.INFERENCE);
    return modes;
  }

  /**
   * Reads a case.
   *
   * @param folder holds {@value #FILE}
   * @throws IOException if a file is missing or cannot be read, or is not in its format
   */
  public static RecordedCase read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.exists(file) && !isWithin(folder, file)) {
      throw new JsonFormatException(
          file + ": expected a file within " + folder + " but got a link out of it");
    }
    return Json.read(file, fields -> new RecordedCase(folder, fields));
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
    return new RecordedCase(this, other, network, decisions, expectation -> expectation);
  }

  /**
   * Returns the same case, all of whose tensors must be as near as the given match says.
   *
   * @throws IllegalArgumentException if the match is one for networks and the case is of a function
   */
  public RecordedCase withMatch(Match match) {
    if (match.needsNoise() && network.isEmpty()) {
      throw new IllegalArgumentException(
          "case '"
              + name
              + "': match "
              + match
              + ": expected a network, whose terms are known, but got a function");
    }
    return new RecordedCase(
        this, name, network, decisions, expectation -> expectation.withMatch(match));
  }

  /** Returns the inputs by which some layers decide, in place of those that Java computes. */
  Map<String, Tensor> decisions() {
    return decisions;
  }

  /** Returns the same case, some of whose layers decide as for other inputs than Java computes. */
  RecordedCase withDecisions(Map<String, Tensor> inputs) {
    return new RecordedCase(this, name, network, Map.copyOf(inputs), expectation -> expectation);
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
    return new RecordedCase(this, name, Optional.of(other), decisions, expectation -> expectation);
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
          "case '"
              + name
              + "': "
              + what
              + " '"
              + key
              + "': expected one of "
              + Excerpt.of(values.keySet()));
    }
    return value;
  }

  private Network network(JsonFields fields) throws IOException {
    NetworkSpec spec =
        fields.isText("network")
            ? NetworkFile.read(file(fields, "network"))
            : fields.object("network", NetworkFile::read);
    return FittingWindows.bind(spec, NumpyWeights.open(file(fields, "weights")));
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
      expectations.put(key, fields.object(key, this::readExpectation));
    }
    return Collections.unmodifiableMap(expectations);
  }

  private Expectation readExpectation(JsonFields fields) throws IOException {
    NpyArray array = Npy.read(file(fields, "file"));
    String reason = fields.has("reason") ? fields.text("reason") : "";
    return new Expectation(
        NumpyTensors.toTensor(array), readMatch(fields), reason, FloatFormat.of(array.dtype()));
  }

  /** Reads what is expected of a network's layers, if anything. */
  private Map<String, Expectation> readLayers(JsonFields fields, String key) throws IOException {
    if (!fields.has(key)) {
      return Map.of();
    }
    if (network.isEmpty()) {
      throw fields.error(key, "a network whose layers they are", "a function");
    }
    return fields.object(key, this::readExpected);
  }

  private Match readMatch(JsonFields fields) throws JsonFormatException {
    if (fields.isText("match")) {
      String text = fields.text("match");
      if (!text.equals("exact")) {
        throw fields.error(
            "match",
            "'exact', {\"zeros\": \"equal\"}, {\"ulps\": k}, {\"rounding\": k} or {\"rtol\": r,"
                + " \"atol\": a}",
            "'" + text + "'");
      }
      return Match.EXACT;
    }
    return fields.object("match", this::readLimit);
  }

  private Match readLimit(JsonFields match) throws JsonFormatException {
    boolean zeros = readZeros(match);
    if (match.has("ulps")) {
      return Match.ulps(match.number("ulps"));
    }
    if (match.has("rounding")) {
      if (network.isEmpty()) {
        throw match.error("rounding", "a network, whose terms are known,", "a function");
      }
      return Match.rounding(match.number("rounding"));
    }
    return zeros && !match.has("rtol")
        ? Match.EQUAL_ZEROS
        : Match.tolerance(match.number("rtol"), match.number("atol"));
  }

  /** Reads whether zeros of both signs are equal, as they are for any match but exact. */
  private static boolean readZeros(JsonFields match) throws JsonFormatException {
    if (match.has("zeros") && !match.text("zeros").equals("equal")) {
      throw match.error("zeros", "'equal'", "'" + match.text("zeros") + "'");
    }
    return match.has("zeros");
  }

  private static Map<String, String> readRecorded(JsonFields fields) throws JsonFormatException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : fields.keys()) {
      values.put(key, fields.isText(key) ? fields.text(key) : fields.raw(key));
    }
    return Collections.unmodifiableMap(values);
  }

  /**
   * Returns a file of the case, which may stand in a folder within it but not outside. A link out
   * of the case is not followed: whoever sends a case would see what stands in files of ours.
   */
  private Path file(JsonFields fields, String key) throws IOException {
    String text = fields.text(key);
    Path file = folder.resolve(text);
    Path home = folder.toAbsolutePath().normalize();
    if (!file.toAbsolutePath().normalize().startsWith(home) || !Files.isRegularFile(file)) {
      throw fields.error(key, "a file within " + folder, "'" + text + "'");
    }
    if (!isWithin(folder, file)) {
      throw fields.error(key, "a file within " + folder, "a link out of it");
    }
    return file;
  }

  private static boolean isWithin(Path folder, Path file) throws IOException {
    return file.toRealPath().startsWith(folder.toRealPath());
  }
}
