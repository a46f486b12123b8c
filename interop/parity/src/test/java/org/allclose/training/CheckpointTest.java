package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.Npz;
import org.allclose.tensor.Tensor;
import org.allclose.train.Trainer;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that goes on from a file has the bits of one that was never stopped. */
class CheckpointTest {
  /** How many runs are killed; each takes a second. */
  private static final int KILLS = Integer.getInteger("allclose.kills", 3);

  @TempDir private Path folder;

  /** A run with dropout, running statistics, a schedule and clipping. */
  static Trainer trainer() throws IOException {
    Path replay = ReplayTest.REPLAYS.resolve("four_layer_adam.json");
    JsonObject json = JsonParser.parseString(Files.readString(replay)).getAsJsonObject();
    return ReplayTest.trainer(json);
  }

  @Test
  void restored_withinAnEpoch_goesOnWithTheSameBits() throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    Trainer whole = trainer();
    for (int i = 0; i < 33; i++) {
      whole.step();
    }
    Checkpoint.write(file, whole.state());
    whole.run();
    Trainer resumed = trainer();
    resumed.restore(Checkpoint.read(file));
    resumed.run();
    assertEquals(whole.parameters(), resumed.parameters());
    assertArrayEquals(whole.history().losses(), resumed.history().losses());
    assertEquals(whole.history().epochs(), resumed.history().epochs());
  }

  @Test
  void otherFiles_areRefused() throws IOException {
    Path file = folder.resolve("weights.npz");
    NumpyTensors.writeNpz(file, java.util.Map.of("fc1/W", Tensor.zeros(2, 2)));
    IOException e = assertThrows(IOException.class, () -> Checkpoint.read(file));
    assertEquals(
        file + ": expected a checkpoint with entry 'random/0' but got [fc1/W]", e.getMessage());
  }

  @Test
  void run_isAJsonText() throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    Checkpoint.write(file, trainer().state());
    JsonObject run =
        JsonParser.parseString(Npz.read(file).get("run").toStrings()[0]).getAsJsonObject();
    assertEquals("adam", run.get("optimizer").getAsString());
    assertEquals(trainer().state().run(), Checkpoint.read(file).run());
  }

  @Test
  void fileOfAnOlderVersion_isRefused_unlessChangesAreAllowed() throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    Trainer whole = trainer();
    whole.step();
    Checkpoint.write(file, whole.state());
    Map<String, NpyArray> entries = new LinkedHashMap<>(Npz.read(file));
    entries.remove("run");
    Npz.write(file, entries);
    Trainer resumed = trainer();
    String difference = "run: expected a state that says which run it is of but got none";
    IOException e = assertThrows(IOException.class, () -> Checkpoint.resume(file, resumed));
    assertEquals(file + ": checkpoint of another run: " + difference, e.getMessage());
    assertEquals(List.of(difference), Checkpoint.resumeWithChanges(file, resumed));
    assertEquals(whole.parameters(), resumed.parameters());
  }

  /** An entry that is put into a checkpoint of 43 steps, 20 an epoch, and what is said of it. */
  static Stream<Arguments> faults() {
    double nan = Double.NaN;
    return Stream.of(
        arguments(
            "best/fc1/W",
            zeros(2, 2),
            "best: expected parameters [fc1/W, fc1/b, bn1/gamma, bn1/beta, bn1/runningMean,"
                + " bn1/runningVariance, fc2/W, fc2/b, bn2/gamma, bn2/beta, bn2/runningMean,"
                + " bn2/runningVariance, fc3/W, fc3/b, bn3/gamma, bn3/beta, bn3/runningMean,"
                + " bn3/runningVariance, fc4/W, fc4/b] but got [fc1/W]"),
        arguments(
            "optimizer/fc1/W/mean",
            zeros(2, 2),
            "optimizer/fc1/W/mean: expected shape (64, 40) but got (2, 2)"),
        arguments("losses", zeros(12), "losses: expected those of 40 to 59 but got 12 steps"),
        arguments("losses", zeros(60), "losses: expected those of 40 to 59 but got 60 steps"),
        arguments("losses", zeros(43, 1), "losses: expected shape (n,) but got (43, 1)"),
        arguments("losses", filled(43, 7, nan), "losses[7]: expected a finite loss but got NaN"),
        arguments("order", order(0, 390), "order[0]: expected a sample from 0 to 389 but got 390"),
        arguments("order", order(5, -1), "order[5]: expected a sample from 0 to 389 but got -1"),
        arguments("order", order(5, 4), "order[5]: expected each sample once but got 4 again"),
        arguments("epochs", epochs(0, 0, -1), "epochs[0]: expected number 1 but got -1"),
        arguments(
            "epochs",
            epochs(1, 0, nan),
            "epochs[1]: expected a whole number in column 0 but got NaN"),
        arguments("epochs", epochs(1, 1, 41), "epochs[1]: expected 40 steps but got 41"),
        arguments("epochs", epochs(0, 1, 0), "epochs[0]: expected 1 steps but got 0"),
        arguments("epochs", epochs(1, 2, nan), "epochs[1]: expected a finite loss but got NaN"),
        arguments(
            "epochs",
            epochs(1, 3, -0.1),
            "epochs[1]: expected a finite rate of at least 0 but got -0.1"),
        arguments(
            "epochs",
            epochs(1, 4, 1.5),
            "epochs[1]: accuracy: expected a share from 0 to 1 but got 1.5"),
        arguments(
            "epochs",
            epochs(1, 6, -1),
            "epochs[1]: validation accuracy: expected a share from 0 to 1 but got -1.0"),
        arguments("epochs", zeros(2, 6), "epochs: expected shape (n, 7) but got (2, 6)"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void contradictions_areRefused_atReading(String name, NpyArray entry, String message)
      throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    write(file, name, entry);
    IOException e = assertThrows(IOException.class, () -> Checkpoint.read(file));
    assertEquals(file + ": expected a checkpoint: " + message, e.getMessage());
  }

  @Test
  void bestOfAnotherShape_isRefused_atReading() throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    Map<String, NpyArray> entries = entries(file);
    for (String name : List.copyOf(entries.keySet())) {
      if (name.startsWith("parameters/")) {
        entries.put(name.replace("parameters/", "best/"), entries.get(name));
      }
    }
    Npz.write(file, entries);
    assertTrue(Checkpoint.read(file).best().isPresent());
    entries.put("best/fc1/W", zeros(2, 2));
    Npz.write(file, entries);
    IOException e = assertThrows(IOException.class, () -> Checkpoint.read(file));
    assertEquals(
        file + ": expected a checkpoint: best/fc1/W: expected shape (64, 40) but got (2, 2)",
        e.getMessage());
  }

  @Test
  void otherEntries_areRefused_atReading() throws IOException {
    Path file = folder.resolve("checkpoint.npz");
    write(file, "notes", zeros(1));
    IOException more = assertThrows(IOException.class, () -> Checkpoint.read(file));
    assertEquals(
        file + ": expected the entries of a checkpoint but got 'notes' as well", more.getMessage());
    write(file, "run", NpyArray.of(new String[] {"{\"seed\": 1}"}, new int[0]));
    IOException number = assertThrows(IOException.class, () -> Checkpoint.read(file));
    assertEquals(
        file + ": run: line 1, column 10: seed: expected a text but got 1", number.getMessage());
  }

  private static void write(Path file, String name, NpyArray entry) throws IOException {
    Map<String, NpyArray> entries = entries(file);
    entries.put(name, entry);
    Npz.write(file, entries);
  }

  private static Map<String, NpyArray> entries(Path file) throws IOException {
    Trainer trainer = trainer();
    for (int i = 0; i < 43; i++) {
      trainer.step();
    }
    Checkpoint.write(file, trainer.state());
    return new LinkedHashMap<>(Npz.read(file));
  }

  private static NpyArray zeros(int... shape) {
    return NpyArray.of(Tensor.zeros(shape).unwrap(), shape);
  }

  private static NpyArray filled(int n, int place, double value) {
    double[] values = new double[n];
    values[place] = value;
    return NpyArray.of(values, n);
  }

  private static NpyArray order(int place, long sample) {
    long[] order = LongStream.range(0, 390).toArray();
    order[place] = sample;
    return NpyArray.of(order, 390);
  }

  /** Two epochs of twenty steps, with one number in place of another. */
  private static NpyArray epochs(int row, int column, double value) {
    double nan = Double.NaN;
    double[] rows = {1, 20, 2.5, 0.01, nan, nan, nan, 2, 40, 2.25, 0.01, nan, nan, nan};
    rows[7 * row + column] = value;
    return NpyArray.of(rows, 2, 7);
  }

  @Test
  void killedRuns_goOnToTheSameEnd() throws Exception {
    Trainer whole = trainer();
    whole.run();
    Random random = new Random(231);
    Path file = folder.resolve("checkpoint.npz");
    int begun = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start(List.of(), file);
      // Until it trains, and then a position: an epoch takes some 50 ms at first.
      assertEquals('b', process.getInputStream().read());
      Thread.sleep(random.nextInt(1000));
      process.destroyForcibly();
      process.waitFor();
      if (Files.exists(file)) {
        begun += Checkpoint.read(file).history().steps() > 0 ? 1 : 0;
      }
      if (random.nextBoolean()) {
        Files.deleteIfExists(file); // so that not all go on from the end
      }
    }
    assertTrue(begun > 0, "no run was killed after a checkpoint");
    Process last = start(List.of(), file);
    String output = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, last.waitFor(), output);
    assertEquals("b" + ReplayTest.digest(whole.parameters().asMap().values()), output.strip());
  }

  @Test
  void fullDisk_leavesTheCheckpointBefore() throws Exception {
    Path file = folder.resolve("checkpoint.npz");
    Trainer trainer = trainer();
    trainer.step();
    Checkpoint.write(file, trainer.state());
    byte[] before = Files.readAllBytes(file);
    // A limit of 8 KiB for every file stands for a disk that is full.
    Process process = start(List.of("bash", "-c", "ulimit -f 8; exec \"$@\"", "bash"), file);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), output);
    assertTrue(output.contains("UncheckedIOException: " + file + ": "), output);
    assertArrayEquals(before, Files.readAllBytes(file));
    assertEquals(1, Npz.read(file).get("losses").size());
  }

  private static Process start(List<String> before, Path file) throws IOException {
    List<String> command = new java.util.ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:-UsePerfData");
    command.add("-Djava.util.logging.config.file=none");
    command.add("-Dallclose.testdata=" + TestData.folder());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            CheckpointTest.class.getName() + "$Run",
            file.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The process that is killed: trains, or goes on, and prints the digest of all parameters. */
  static final class Run {
    private Run() {}

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      java.util.logging.LogManager.getLogManager().reset();
      Trainer trainer = trainer();
      if (Files.exists(file)) {
        Checkpoint.resume(file, trainer);
      }
      System.out.print("b");
      System.out.flush();
      trainer.listen(Checkpoint.every(1, file)).run();
      System.out.println(ReplayTest.digest(trainer.parameters().asMap().values()));
    }
  }
}
