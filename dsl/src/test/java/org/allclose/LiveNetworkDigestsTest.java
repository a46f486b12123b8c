package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records the digests again with the numpy that is installed, and compares them with those that are
 * committed: the record is not stale, and this machine's C library is the one it was made with.
 */
class LiveNetworkDigestsTest {
  private static final String NUMPY = "2.4.";
  private static final String C_LIBRARY = "glibc 2.36";

  @TempDir private Path directory;

  @Test
  void digests_recordedAgain_areThoseCommitted() throws IOException, InterruptedException {
    assumeVersionsAreThoseOfTheRecord();
    Path testdata = Path.of(System.getProperty("allclose.testdata"));
    Path script = testdata.resolve("reference/network_digests.py");
    Path again = directory.resolve("networks.txt");
    String output = run("python3", script.toString(), again.toString());
    assertEquals("", output);
    List<String> expected = Files.readAllLines(testdata.resolve("digests/networks.txt"));
    assertEquals(expected, Files.readAllLines(again));
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
