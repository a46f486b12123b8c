package org.allclose.kernel;

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
 * committed: the record is not stale.
 */
class LiveMatrixProductDigestsTest {
  private static final String FOUND =
      """
      import numpy, platform
      blas = numpy.show_config("dicts")["Build Dependencies"]["blas"]
      print(numpy.__version__, blas["name"], blas["version"], platform.machine())
      """;
  private static final String EXPECTED = "2.4.6 scipy-openblas 0.3.31";

  @TempDir private Path directory;

  @Test
  void digests_recordedAgain_areThoseCommitted() throws IOException, InterruptedException {
    assumeLibrariesAreThoseOfTheRecord();
    Path testdata = Path.of(System.getProperty("allclose.testdata"));
    Path script = testdata.resolve("reference/kernel_digests.py");
    Path again = directory.resolve("matrix_product.txt");
    assertEquals("", run("python3", script.toString(), again.toString()));
    List<String> expected = Files.readAllLines(testdata.resolve("digests/matrix_product.txt"));
    assertEquals(expected, Files.readAllLines(again));
  }

  /** Skips, with the reason, where numpy or its OpenBLAS is missing or another. */
  private void assumeLibrariesAreThoseOfTheRecord() throws InterruptedException {
    String found;
    try {
      found = run("python3", "-c", FOUND).strip();
    } catch (IOException e) {
      found = "no python3 with numpy: " + e.getMessage();
    }
    String printed = found;
    assumeTrue(
        printed.startsWith(EXPECTED) && printed.endsWith("x86_64"),
        () -> "expected numpy " + EXPECTED + " on x86_64 but found: " + printed);
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
