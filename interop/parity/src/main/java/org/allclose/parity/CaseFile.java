package org.allclose.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.WeightSource;
import org.allclose.internal.file.InputFile;
import org.allclose.internal.json.JsonFields;
import org.allclose.internal.json.JsonFile;
import org.allclose.internal.network.NetworkJson;
import org.allclose.internal.text.Decimal;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.json.JsonFormatException;
import org.allclose.layer.Mode;
import org.allclose.network.NetworkFile;
import org.allclose.parity.diagnosis.Diagnosis;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.FloatFormat;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.recording.Sampling;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.NumpyWeights;

/**
 * Finds and reads recorded cases.
 *
 * <p>A case is a folder with a {@value #FILE} of format {@value #FORMAT} beside its {@code .npy}
 * files:
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
 *
 * <p>Instead of a file, {@code weights} can be <code>{"seed": 231}</code>: they are drawn from
 * {@code RandomState(231)}, as the recorder's {@code drawn_weights} says; or <code>
 * {"seed": 231, "file": "constants.npz"}</code> for what is not to be drawn.
 *
 * <p>Of a large tensor a case may keep some elements: <code>"sampled": {"shape": [64, 3, 7, 7],
 * "indices": "W.indices.npy", "sum": s, "norm": n}</code> beside {@code file}, which then has the
 * elements at those places in C order; sum and Euclidean norm are those of all: see {@link
 * Sampling}.
 */
public final class CaseFile {

  /** The name of the file that makes a folder a case. */
  public static final String FILE = "case.json";

  /** What the key {@code format} says. */
  public static final String FORMAT = "allclose-case/1";

  private static final Map<String, Mode> MODES = modes();

  private final Path folder;
  private final JsonFields fields;
  private final boolean ofNetwork;

  private CaseFile(Path folder, JsonFields fields, boolean ofNetwork) {
    this.folder = folder;
    this.fields = fields;
    this.ofNetwork = ofNetwork;
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
    return JsonFile.read(file, fields -> read(folder, fields));
  }

  /**
   * Returns every folder in or below the given one that holds a {@value #FILE}, in the order of
   * their paths.
   *
   * @throws NoSuchFileException if there is no such folder
   * @throws NotDirectoryException if it is a file
   * @throws IOException if a folder cannot be read
   */
  public static List<Path> below(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder + ": expected a folder of cases");
    }
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(
          folder + ": expected a folder of cases but got " + InputFile.of(folder).kind().what());
    }
    try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(path -> path.endsWith(FILE) && Files.isRegularFile(path))
          .map(Path::getParent)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static RecordedCase read(Path folder, JsonFields fields) throws IOException {
    fields.oneOf("format", Map.of(FORMAT, FORMAT));
    RecordedCase.Builder recorded = RecordedCase.named(fields.text("name"), folder);
    boolean ofFunction = fields.has("function");
    boolean ofNetwork = fields.has("network");
    if (ofFunction == ofNetwork) {
      throw fields.error("either 'function' or 'network'", ofFunction ? "both" : "neither");
    }
    new CaseFile(folder, fields, ofNetwork).readInto(recorded);
    return recorded.build();
  }

  private void readInto(RecordedCase.Builder recorded) throws IOException {
    if (ofNetwork) {
      recorded.network(network());
    } else {
      recorded.function(fields.text("function"));
    }
    if (fields.has("mode")) {
      recorded.mode(fields.oneOf("mode", MODES));
    }
    if (fields.has("seed")) {
      recorded.seed(fields.integer("seed"));
    }
    recorded.inputs(fields.object("inputs", this::readInputs));
    Map<String, Expectation> expected = fields.object("expected", this::readExpected);
    recorded.expected(expected);
    recorded.outputs(readLayers("outputs"));
    recorded.inputGradients(readLayers("inputGradients"));
    recorded.recorded(fields.object("recorded", CaseFile::readRecorded));
    if (expected.isEmpty()) {
      throw fields.error("expected", "at least one tensor", "none");
    }
  }

  private Network network() throws IOException {
    NetworkSpec spec =
        fields.isText("network")
            ? NetworkFile.read(file(fields, "network"))
            : fields.object("network", NetworkJson::read);
    return Diagnosis.bind(
        spec,
        fields.isText("weights")
            ? NumpyWeights.open(file(fields, "weights"))
            : fields.object("weights", drawn -> drawnWeights(spec, drawn)));
  }

  private WeightSource drawnWeights(NetworkSpec spec, JsonFields drawn) throws IOException {
    WeightSource kept =
        drawn.has("file") ? NumpyWeights.open(file(drawn, "file")) : Parameters.of(Map.of());
    return DrawnWeights.of(spec, drawn.integer("seed", 0), kept);
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
    Tensor value = NumpyTensors.toTensor(array);
    return new Expectation(
        value,
        readMatch(fields),
        reason,
        FloatFormat.of(array.dtype()),
        readSampling(fields, value));
  }

  private Optional<Sampling> readSampling(JsonFields fields, Tensor value) throws IOException {
    if (!fields.has("sampled")) {
      return Optional.empty();
    }
    return Optional.of(fields.object("sampled", sampled -> readSampling(value, sampled)));
  }

  /** Reads at which places of what tensor the recorded values stood. */
  private Sampling readSampling(Tensor value, JsonFields sampled) throws IOException {
    Shape shape = Shape.of(sampled.integers("shape", 1));
    Tensor indices = NumpyTensors.read(file(sampled, "indices"));
    if (!indices.shape().equals(value.shape()) || value.shape().rank() != 1) {
      throw sampled.error(
          "indices",
          "one for each recorded element",
          "shape " + indices.shape() + " beside " + value.shape());
    }
    int[] places = new int[indices.size()];
    int before = -1;
    for (int i = 0; i < places.length; i++) {
      double place = indices.unwrap()[i];
      if (!(place > before && place < shape.size()) || place != Math.rint(place)) {
        throw sampled.error(
            "indices",
            "increasing whole numbers below " + shape.size(),
            Decimal.of(place) + " at [" + i + "]");
      }
      places[i] = (int) place;
      before = places[i];
    }
    return new Sampling(shape, places, optional(sampled, "sum"), optional(sampled, "norm"));
  }

  private static OptionalDouble optional(JsonFields fields, String key) throws JsonFormatException {
    return fields.has(key) ? OptionalDouble.of(fields.number(key)) : OptionalDouble.empty();
  }

  /** Reads what is expected of a network's layers, if anything. */
  private Map<String, Expectation> readLayers(String key) throws IOException {
    if (!fields.has(key)) {
      return Map.of();
    }
    if (!ofNetwork) {
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
      if (!ofNetwork) {
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
