package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.init.Gaussian;
import org.allclose.internal.json.Json;
import org.allclose.json.JsonFormatException;
import org.allclose.loss.Targets;
import org.allclose.network.NetworkFile;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.train.Dataset;
import org.allclose.train.History.EpochReport;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingConfig;
import org.allclose.train.optimizer.Adam;
import org.allclose.train.optimizer.Momentum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Repeats from the seed alone what the Solver of the cs231n assignments did, on 49,000 samples in
 * most runs: every loss, every accuracy, the parameters at each check and in the end.
 *
 * <p>Recorded by {@code testdata/reference/record_cs231n.py}.
 */
class Cs231nReplayTest {
  static final Path RUNS = TestData.folder().resolve("cs231n");
  private static final int CLASSES = 10;

  @TempDir private Path folder;

  static List<Path> runs() throws IOException {
    try (Stream<Path> files = Files.list(RUNS)) {
      return files.sorted().toList();
    }
  }

  @Test
  void everyRun_isThere() throws IOException {
    assertEquals(
        List.of("adam", "momentum", "one_step_epochs", "plain", "seeded_dropout"),
        runs().stream().map(file -> file.getFileName().toString().replace(".json", "")).toList());
  }

  @ParameterizedTest
  @MethodSource("runs")
  void run_isThatOfTheAssignments(Path file) throws IOException {
    JsonObject recorded = read(file);
    Trainer trainer = trainer(recorded);
    List<String> digests = new ArrayList<>();
    while (!trainer.hasEnded()) {
      int checks = trainer.history().checks().size();
      trainer.step();
      if (trainer.history().checks().size() > checks) {
        digests.add(ReplayTest.digest(trainer.parameters().asMap().values()));
      }
    }
    trainer.run();
    assertEquals(
        numbers(recorded, "losses"), Arrays.stream(trainer.history().losses()).boxed().toList());
    assertEquals(numbers(recorded, "accuracies"), checks(trainer, EpochReport::accuracy));
    assertEquals(
        numbers(recorded, "validationAccuracies"),
        checks(trainer, EpochReport::validationAccuracy));
    assertEquals(texts(recorded, "digests"), digests);
    assertEquals(end(recorded), end(trainer));
  }

  @Test
  void runFromACheckpoint_isTheSame() throws IOException {
    JsonObject recorded = read(RUNS.resolve("one_step_epochs.json"));
    assertResumes(recorded, 3);
    JsonObject adam = read(RUNS.resolve("adam.json"));
    assertResumes(adam, 7);
  }

  private void assertResumes(JsonObject recorded, int steps) throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    Trainer stopped = trainer(recorded);
    for (int i = 0; i < steps; i++) {
      stopped.step();
    }
    Checkpoint.write(file, stopped.state());
    Trainer resumed = trainer(recorded);
    resumed.restore(Checkpoint.read(file));
    assertEquals(stopped.history().checks(), resumed.history().checks());
    resumed.run();
    assertEquals(end(recorded), end(resumed));
    assertEquals(
        numbers(recorded, "validationAccuracies"),
        checks(resumed, EpochReport::validationAccuracy));
  }

  /** Java's words for cs231n's conventions are those that the recorder uses. */
  @Test
  void conventions_areThoseOfTheConfig() throws IOException {
    assertEquals(
        TrainingConfig.cs231n(2, new Momentum(), 0.05, 0.9).withSteps(980),
        config(read(RUNS.resolve("momentum.json"))));
    assertEquals(
        TrainingConfig.cs231n(2, new Adam(), 2e-3, 0.95).withSteps(980).withValidationSamples(500),
        config(read(RUNS.resolve("adam.json"))));
    NetworkSpec spec =
        Network.input(1, 4, 4)
            .dense("fc1", 24)
            .batchNorm("bn1", n -> n.runningVariance(0))
            .relu("relu1")
            .dropout("drop1", 0.7, d -> d.seed((1L << 31) + 5))
            .dense("fc2", CLASSES)
            .softmaxLoss()
            .l2(1e-3)
            .build();
    assertEquals(spec.toString(), spec(read(RUNS.resolve("seeded_dropout.json"))).toString());
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  private static NetworkSpec spec(JsonObject recorded) throws JsonFormatException {
    return NetworkFile.parse("network", recorded.getAsJsonObject("network").toString());
  }

  private static TrainingConfig config(JsonObject recorded) throws JsonFormatException {
    return Json.parse("run", recorded.getAsJsonObject("run").toString(), TrainingJson::read);
  }

  /** Returns a trainer at the beginning: data, teacher and parameters are drawn from the seed. */
  private static Trainer trainer(JsonObject recorded) throws IOException {
    NetworkSpec spec = spec(recorded);
    NumpyRandomState random = NumpyRandomState.seed(recorded.get("seed").getAsInt());
    Tensor x = random.randn(spec.input().prepend(recorded.get("samples").getAsInt()).toArray());
    Tensor xOfValidation =
        random.randn(spec.input().prepend(recorded.get("validation").getAsInt()).toArray());
    Tensor teacher = random.randn(spec.input().size(), CLASSES);
    Network network = spec.initialize(random, Gaussian.std(recorded.get("scale").getAsDouble()));
    return new Trainer(
        network,
        config(recorded),
        Dataset.of(x, labels(x, teacher)),
        Optional.of(Dataset.of(xOfValidation, labels(xOfValidation, teacher))),
        random);
  }

  /** Returns the class of the teacher's largest score, {@code argmax(x.dot(teacher))}. */
  private static Targets labels(Tensor x, Tensor teacher) {
    int features = teacher.shape().axis(0);
    int[] labels = new int[x.shape().axis(0)];
    for (int i = 0; i < labels.length; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < CLASSES; c++) {
        double score = 0;
        for (int k = 0; k < features; k++) {
          score += x.unwrap()[i * features + k] * teacher.unwrap()[k * CLASSES + c];
        }
        if (score > largest) {
          largest = score;
          labels[i] = c;
        }
      }
    }
    return Targets.labels(labels);
  }

  private static Map<String, String> end(JsonObject recorded) {
    Map<String, String> digests = new LinkedHashMap<>();
    JsonObject parameters = recorded.getAsJsonObject("parameters");
    parameters.keySet().forEach(name -> digests.put(name, parameters.get(name).getAsString()));
    return digests;
  }

  private static Map<String, String> end(Trainer trainer) {
    Map<String, String> digests = new LinkedHashMap<>();
    trainer
        .parameters()
        .asMap()
        .forEach((name, value) -> digests.put(name, ReplayTest.digest(List.of(value))));
    return digests;
  }

  private static List<Double> checks(
      Trainer trainer, Function<EpochReport, OptionalDouble> column) {
    return trainer.history().checks().stream()
        .flatMap(check -> column.apply(check).stream().boxed())
        .toList();
  }

  private static List<Double> numbers(JsonObject recorded, String key) {
    return texts(recorded, key).stream().map(Double::valueOf).toList();
  }

  private static List<String> texts(JsonObject recorded, String key) {
    JsonArray array = recorded.getAsJsonArray(key);
    List<String> texts = new ArrayList<>();
    array.forEach(value -> texts.add(value.getAsString()));
    return texts;
  }
}
