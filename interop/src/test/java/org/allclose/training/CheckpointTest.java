package org.allclose.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.allclose.Parameters;
import org.allclose.jnpy.Npz;
import org.allclose.tensor.Tensor;
import org.allclose.train.Trainer;
import org.allclose.train.TrainingState;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void statesThatDoNotFit_areRefusedBeforeTraining() throws IOException {
    Trainer trainer = trainer();
    trainer.step();
    TrainingState state = trainer.state();
    assertEquals(
        "checkpoint: order: expected samples from 0 to 389 but got 390",
        refusal(trainer, state, Collections.nCopies(390, 390), state.best()));
    Map<String, Tensor> best = new LinkedHashMap<>(state.parameters().asMap());
    String name = best.keySet().iterator().next();
    best.put(name, Tensor.zeros(1));
    assertEquals(
        "checkpoint: best "
            + name
            + ": expected shape "
            + state.parameters().get(name).shape()
            + " but got (1,)",
        refusal(trainer, state, state.order(), Optional.of(Parameters.wrap(best))));
  }

  private static String refusal(
      Trainer trainer, TrainingState state, List<Integer> order, Optional<Parameters> best) {
    TrainingState other =
        new TrainingState(
            state.parameters(), state.slots(), state.random(), order, state.history(), best);
    return assertThrows(IllegalArgumentException.class, () -> trainer.restore(other)).getMessage();
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
      // Until it trains, and then a moment: an epoch takes some 50 ms at first.
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
    command.add("-Dallclose.testdata=" + System.getProperty("allclose.testdata", "../testdata"));
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
        trainer.restore(Checkpoint.read(file));
      }
      System.out.print("b");
      System.out.flush();
      trainer.listen(Checkpoint.every(1, file)).run();
      System.out.println(ReplayTest.digest(trainer.parameters().asMap().values()));
    }
  }
}
