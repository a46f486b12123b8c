package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.allclose.TestData;
import org.allclose.training.Checkpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code train --checkpoint} in a process that gets signals at any moment: the next run goes on, to
 * the bits, the log and the report of a run that was never stopped.
 */
class InterruptedTrainingTest {
  /** How many runs are killed; each takes a second. */
  private static final int KILLS = Integer.getInteger("allclose.kills", 3);

  private static final int EPOCHS = 80;
  private static final int STEPS = 30;

  @TempDir private static Path folder;
  private static End whole;

  @BeforeAll
  static void runWithoutStop() throws Exception {
    writeNetwork(
        "network.json",
        "{\"type\": \"dense\", \"units\": 20}, {\"type\": \"batchNorm\"},"
            + " {\"type\": \"relu\"}, {\"type\": \"dropout\", \"keep\": 0.8},");
    writeConfig("train.json", 50);
    whole = end("whole", 0, start("whole"));
  }

  private static void writeNetwork(String name, String layers) throws IOException {
    Files.writeString(
        folder.resolve(name),
        """
        {"format": "allclose-network/1", "input": [64],
         "layers": [%s {"type": "dense", "units": 10}],
         "loss": {"type": "softmax"}}
        """
            .formatted(layers));
  }

  private static void writeConfig(String name, int batch) throws IOException {
    Files.writeString(
        folder.resolve(name),
        String.format(
            Locale.ROOT,
            """
        {"format": "allclose-train/1", "seed": 231, "start": {"type": "he"},
         "data": {"x": "images", "y": "labels", "divideBy": 16, "shuffle": true, "validation": 297},
         "optimizer": {"type": "adam"},
         "schedule": {"type": "plateau", "rate": 0.01, "factor": 0.5, "patience": 2},
         "batch": %d, "epochs": %d, "accuracySamples": 500, "keepBest": true}
        """,
            batch,
            EPOCHS));
  }

  @Test
  void killedRuns_goOnToTheSameEnd() throws Exception {
    Random random = new Random(231);
    Path file = folder.resolve("killed.npz");
    int within = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start("killed");
      await(file);
      Thread.sleep(random.nextInt(500));
      process.destroyForcibly();
      process.waitFor();
      int epochs = Checkpoint.read(file).history().epochs().size();
      within += epochs < EPOCHS ? 1 : 0;
      if (epochs == EPOCHS || random.nextInt(4) == 0) {
        Files.delete(file); // so that not all go on from the end
        Files.deleteIfExists(folder.resolve("killed.jsonl"));
      }
    }
    assertTrue(within > 0, "no run was killed before its end");
    int steps = Files.exists(file) ? Checkpoint.read(file).history().steps() : 0;
    assertEquals(whole, end("killed", steps, start("killed")));
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void signal_letsTheStepEnd_savesTheRun_andTheSameCommandGoesOn(String signal, int status)
      throws Exception {
    Path file = folder.resolve(signal + ".npz");
    Process process = start(signal);
    await(file);
    send(signal, process);
    String output = output(process);
    assertEquals(status, process.waitFor(), output);
    int steps = Checkpoint.read(file).history().steps();
    assertEquals(
        "allclose: to end after this step; another signal ends at once\n"
            + "allclose: interrupted in epoch "
            + (steps / STEPS + 1)
            + ": "
            + file
            + " holds the run up to step "
            + steps
            + "; the same command goes on\n",
        output);
    assertTrue(Files.notExists(folder.resolve(signal + "-weights.npz")));
    assertEquals(whole, end(signal, steps, start(signal)));
  }

  @Test
  void signal_withoutCheckpoint_saysThatNothingIsKept() throws Exception {
    List<String> command = new ArrayList<>(command("none", "network.json", "train.json"));
    command.subList(command.indexOf("--checkpoint"), command.indexOf("--checkpoint") + 2).clear();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    await(folder.resolve("none.jsonl"));
    send("TERM", process);
    String output = output(process);
    assertEquals(143, process.waitFor(), output);
    Matcher said =
        Pattern.compile(
                "allclose: to end after this step; another signal ends at once\n"
                    + "allclose: interrupted in epoch ([0-9]+), after ([0-9]+) steps: nothing is"
                    + " kept without --checkpoint\n")
            .matcher(output);
    assertTrue(said.matches(), output);
    int steps = Integer.parseInt(said.group(2));
    assertEquals(steps / STEPS + 1, Integer.parseInt(said.group(1)));
  }

  @Test
  void secondSignal_endsAtOnce() throws Exception {
    // A step of minutes: large layers in an interpreter.
    writeNetwork(
        "large.json",
        "{\"type\": \"dense\", \"units\": 2000}, {\"type\": \"dense\", \"units\": 2000},");
    writeConfig("slow.json", 1500);
    List<String> command = new ArrayList<>(command("slow", "large.json", "slow.json"));
    command.add(command.indexOf("-cp"), "-Xint");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    while (Files.notExists(folder.resolve("slow.jsonl"))) {
      Thread.sleep(5); // the log is opened when signals are listened to
    }
    send("INT", process);
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      // A log line of which kernels run comes before it where a product took its time.
      String line = reader.readLine();
      while (line != null && !line.startsWith("allclose: ")) {
        line = reader.readLine();
      }
      assertEquals("allclose: to end after this step; another signal ends at once", line);
      send("INT", process);
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "still running");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(130, process.exitValue());
    assertTrue(Files.notExists(folder.resolve("slow.npz")));
  }

  /** What a run leaves: its parameters, its log and its report. */
  private record End(String parameters, String log, String report) {}

  /** Waits for the end of a run that goes on after some steps, or begins. */
  private static End end(String name, int resumedAfter, Process process) throws Exception {
    String output = output(process);
    assertEquals(0, process.waitFor(), output);
    if (resumedAfter > 0) {
      String resumed =
          "resumed at epoch " + (resumedAfter / STEPS + 1) + ", after " + resumedAfter + " steps\n";
      assertTrue(output.startsWith(resumed), output);
      output = output.substring(resumed.length());
    }
    byte[] weights = Files.readAllBytes(folder.resolve(name + "-weights.npz"));
    return new End(
        HexFormat.of().formatHex(weights),
        Files.readString(folder.resolve(name + ".jsonl")),
        output.replace(folder.resolve(name + "-weights.npz").toString(), "the parameters"));
  }

  private static Process start(String name) throws IOException {
    return new ProcessBuilder(command(name, "network.json", "train.json"))
        .redirectErrorStream(true)
        .start();
  }

  private static List<String> command(String name, String network, String config) {
    return List.of(
        "env",
        "--default-signal=INT,HUP,TERM", // whatever the tests were started with
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("java.class.path"),
        Allclose.class.getName(),
        "train",
        "--network",
        folder.resolve(network).toString(),
        "--data",
        TestData.folder().resolve("datasets/digits.npz").toString(),
        "--config",
        folder.resolve(config).toString(),
        "--checkpoint",
        folder.resolve(name + ".npz").toString(),
        "--log",
        folder.resolve(name + ".jsonl").toString(),
        "--output",
        folder.resolve(name + "-weights.npz").toString());
  }

  /** Waits until a file holds something. */
  private static void await(Path file) throws Exception {
    while (Files.notExists(file) || Files.size(file) == 0) {
      Thread.sleep(2);
    }
  }

  private static void send(String signal, Process process) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor());
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
