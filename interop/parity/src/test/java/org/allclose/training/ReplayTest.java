package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.TestData;
import org.allclose.init.Gaussian;
import org.allclose.internal.json.Json;
import org.allclose.loss.Targets;
import org.allclose.network.NetworkFile;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.train.Dataset;
import org.allclose.train.History.EpochReport;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingConfig;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.train.schedule.Schedule;
import org.allclose.type.Types;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Repeats the reference's training runs from the seed alone: every loss and every parameter. */
class ReplayTest {
  static final Path REPLAYS = TestData.folder().resolve("replays");

  private static final int LEAST_STEPS = 60;
  private static final List<String> NETWORKS = List.of("two_layer", "four_layer", "convnet");

  static List<Path> replays() throws IOException {
    try (Stream<Path> files = Files.list(REPLAYS)) {
      return files.sorted().toList();
    }
  }

  @Test
  void everyOptimizer_isRepeated_onEachNetwork() {
    for (String network : NETWORKS) {
      for (String optimizer : Types.of(Optimizer.class).byName().keySet()) {
        Path file = REPLAYS.resolve(network + "_" + optimizer + ".json");
        assertTrue(Files.exists(file), file.toString());
      }
    }
  }

  @Test
  void everySchedule_isRepeated() throws IOException {
    Set<String> repeated = new TreeSet<>();
    for (Path file : replays()) {
      JsonObject run = read(file).getAsJsonObject("run");
      repeated.add(run.getAsJsonObject("schedule").get("type").getAsString());
    }
    assertEquals(Types.of(Schedule.class).byName().keySet(), repeated);
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @ParameterizedTest
  @MethodSource("replays")
  void run_hasNumpysBits(Path file) throws IOException {
    JsonObject replay = read(file);
    Trainer trainer = trainer(replay);
    JsonArray losses = replay.getAsJsonArray("losses");
    JsonArray digests = replay.getAsJsonArray("digests");
    assertTrue(losses.size() >= LEAST_STEPS, losses.size() + " steps");
    assertEquals(trainer.totalSteps(), losses.size());
    for (int step = 0; step < losses.size(); step++) {
      String place = file.getFileName() + ": step " + (step + 1);
      double recorded = Double.parseDouble(losses.get(step).getAsString());
      assertEquals(recorded, trainer.step(), place + ": loss");
      assertEquals(
          digests.get(step).getAsString(),
          digest(trainer.parameters().asMap().values()),
          place + ": parameters");
    }
    JsonObject parameters = replay.getAsJsonObject("parameters");
    for (String name : parameters.keySet()) {
      assertEquals(
          parameters.get(name).getAsString(),
          digest(List.of(trainer.parameters().get(name))),
          name);
    }
    List<Double> accuracies = new ArrayList<>();
    replay.getAsJsonArray("accuracies").forEach(value -> accuracies.add(value.getAsDouble()));
    assertEquals(
        accuracies,
        trainer.history().epochs().stream()
            .map(EpochReport::accuracy)
            .flatMap(accuracy -> accuracy.stream().boxed())
            .toList());
  }

  /** Returns a trainer at the beginning of a recorded run. */
  static Trainer trainer(JsonObject replay) throws IOException {
    NetworkSpec spec = NetworkFile.parse("network", replay.getAsJsonObject("network").toString());
    TrainingConfig config =
        Json.parse("run", replay.getAsJsonObject("run").toString(), TrainingJson::read);
    NumpyRandomState random = NumpyRandomState.seed(replay.get("seed").getAsInt());
    Network network = spec.initialize(random, Gaussian.std(replay.get("scale").getAsDouble()));
    return new Trainer(
        network,
        config,
        digits(spec, 0, replay.get("samples").getAsInt()),
        Optional.empty(),
        random);
  }

  /** Returns some of the digits, each pixel from 0 to 1. */
  static Dataset digits(NetworkSpec spec, int from, int to) throws IOException {
    var arrays = NumpyTensors.readNpz(TestData.folder().resolve("datasets/digits.npz"));
    double[] pixels = arrays.get("images").unwrap();
    int size = spec.input().size();
    double[] x = new double[(to - from) * size];
    for (int i = 0; i < x.length; i++) {
      x[i] = pixels[from * size + i] / 16.0;
    }
    double[] labels = java.util.Arrays.copyOfRange(arrays.get("labels").unwrap(), from, to);
    Shape shape = spec.input().prepend(to - from);
    return Dataset.of(Tensor.wrap(shape, x), Targets.labels(Tensor.vector(labels)));
  }

  static String digest(Collection<Tensor> tensors) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Tensor tensor : tensors) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(tensor.unwrap(), 0, tensor.size());
        digest.update(bytes.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
