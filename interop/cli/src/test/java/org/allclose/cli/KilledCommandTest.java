package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.jnpy.Jvm;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * A command that is killed leaves the output of the run before, or its own; the next run is right
 * and removes what the killed one left.
 */
@Tag("slow")
class KilledCommandTest {
  /** Kills of each command; those that come in the middle of a write are counted. */
  private static final int KILLS = Integer.getInteger("allclose.kills", 3);

  private static final Path DIGITS = TestData.fixtures().resolve("digits");

  @TempDir Path folder;

  /** Runs a command over and over, until it is killed. */
  static final class Repeated {
    private Repeated() {}

    public static void main(String[] arguments) {
      LogManager.getLogManager().reset();
      for (int run = 0; ; run++) {
        int status = KilledCommandTest.run(arguments);
        System.out.println(run + " " + status);
      }
    }
  }

  private String[] arguments(String command) throws IOException {
    String digits = DIGITS.toString();
    return switch (command) {
      case "convert" -> {
        Path in = folder.resolve("in.npy");
        double[] values = new Random(231).doubles(400_000).toArray();
        Npy.write(in, NpyArray.of(values, values.length));
        yield new String[] {"convert", in.toString(), folder.resolve("out.npy").toString()};
      }
      case "predict" ->
          new String[] {
            "predict",
            "--network",
            DIGITS.resolve("network.json").toString(),
            "--weights",
            DIGITS.resolve("weights.npz").toString(),
            "--input",
            many().toString(),
            "--output",
            folder.resolve("out.npz").toString()
          };
      default -> new String[] {"check", digits, "--html", folder.resolve("out.html").toString()};
    };
  }

  /** Returns the digits, a hundred times. */
  private Path many() throws IOException {
    double[] once = NumpyTensors.read(DIGITS.resolve("inputs/x.npy")).unwrap();
    double[] values = new double[once.length * 100];
    for (int i = 0; i < 100; i++) {
      System.arraycopy(once, 0, values, i * once.length, once.length);
    }
    Path file = folder.resolve("many.npy");
    Npy.write(file, NpyArray.of(values, values.length / 64, 64));
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"convert", "predict", "check"})
  void killedCommand_leavesAWholeOutput(String command) throws Exception {
    String[] arguments = arguments(command);
    Path output = Path.of(arguments[arguments.length - 1]);
    assertEquals(0, run(arguments));
    byte[] whole = Files.readAllBytes(output);
    List<Path> expected = files();
    Random random = new Random(231);
    int unfinished = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // The output of the run before is there, or none.
      if (kill % 2 == 0) {
        Files.delete(output);
      }
      kill(arguments, random);
      unfinished +=
          Files.exists(output.resolveSibling("." + output.getFileName() + ".tmp")) ? 1 : 0;
      if (Files.exists(output)) {
        assertTrue(Arrays.equals(whole, Files.readAllBytes(output)), "kill " + kill);
      }
      assertEquals(0, run(arguments));
      assertTrue(Arrays.equals(whole, Files.readAllBytes(output)), "after kill " + kill);
      assertEquals(expected, files());
    }
    System.out.println(
        command + ": " + KILLS + " kills, " + unfinished + " with an unfinished file");
  }

  /** Kills a process at any moment of its first or second run, or while it writes in its second. */
  private static void kill(String[] arguments, Random random) throws Exception {
    Path output = Path.of(arguments[arguments.length - 1]);
    Path unfinished = output.resolveSibling("." + output.getFileName() + ".tmp");

    Process process =
        Jvm.start(
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), Repeated.class, arguments);
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      if (random.nextInt(4) == 0) {
        Thread.sleep(random.nextInt(2000));
      } else {
        assertEquals("0 0", out.readLine());
        while (!hasBegun(unfinished)) {
          Thread.onSpinWait();
        }
      }
      process.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        assertTrue(line.matches("[0-9]+ 0"), line);
      }
    }
    process.waitFor();
  }

  private static boolean hasBegun(Path unfinished) {
    try {
      return Files.size(unfinished) > 0;
    } catch (IOException e) {
      return false; // not there yet, or not any more
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static int run(String... arguments) {
    CommandLine command = Allclose.commandLine(arguments);
    command.setOut(new PrintWriter(new StringWriter()));
    StringWriter err = new StringWriter();
    command.setErr(new PrintWriter(err, true));
    int status = command.execute(arguments);
    if (status != 0) {
      System.out.println(err);
    }
    return status;
  }
}
