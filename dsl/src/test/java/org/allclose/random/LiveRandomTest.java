package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with the numpy that is installed; skipped where there is none, or another. */
class LiveRandomTest {
  private static final String NUMPY = "2.4.";
  private static final String C_LIBRARY = "glibc 2.36";

  /** How many of the ten seeds of each stream are recorded again: all take half a minute. */
  private static final int SEEDS = 1;

  private static final String MIXTURES_SEED = "20240607";
  private static final int MIXTURES = 100;

  @TempDir private Path directory;

  @Test
  void streams_recordedAgain_areThoseCommitted() throws IOException, InterruptedException {
    assumeVersionsAreThoseOfTheRecord();
    List<String> again = record("--seeds", Integer.toString(SEEDS));
    List<String> recorded = RandomDigests.recorded("stream");
    List<String> firstSeeds = new ArrayList<>();
    for (int i = 0; i < recorded.size(); i += 10) {
      firstSeeds.addAll(recorded.subList(i, i + SEEDS));
    }
    assertEquals(firstSeeds, again);
  }

  @Test
  void otherMixturesOfCalls_haveNumpysBits_callByCall() throws IOException, InterruptedException {
    assumeVersionsAreThoseOfTheRecord();
    List<String> recorded = record("--mixed", MIXTURES_SEED, Integer.toString(MIXTURES));
    assertEquals(MIXTURES * (1 + 150 + 1), recorded.size());
    assertEquals(recorded, RandomDigests.replayMixtures(recorded));
  }

  private List<String> record(String... arguments) throws IOException, InterruptedException {
    Path file = directory.resolve("random.txt");
    Path script = RandomDigests.testdata().resolve("reference/random_digests.py");
    Stream<String> command =
        Stream.of(
                Stream.of("python3", script.toString()),
                Stream.of(arguments),
                Stream.of(file.toString()))
            .flatMap(words -> words);
    assertEquals("", run(command.toArray(String[]::new)));
    return Files.readAllLines(file);
  }

  /** Skips, with the reason, where numpy or the C library is missing or another. */
  private void assumeVersionsAreThoseOfTheRecord() throws InterruptedException {
    String versions;
    try {
      versions =
          run(
              "python3",
              "-c",
              "import numpy, platform; print(numpy.__version__, *platform.libc_ver())");
    } catch (IOException e) {
      versions = "no python3 with numpy: " + e.getMessage();
    }
    String found = versions.strip();
    assumeTrue(
        found.startsWith(NUMPY) && found.endsWith(C_LIBRARY),
        () -> "expected numpy " + NUMPY + "x and " + C_LIBRARY + " but found: " + found);
  }

  /** Runs a program for at most five minutes and returns what it printed. */
  private String run(String... command) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command[0] + ": expected it to end within 5 minutes");
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
