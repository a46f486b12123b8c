package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The numpy of this machine, which records digests again if it is the one that recorded them. */
public final class LiveNumpy {
  private static final String VERSIONS =
      """
      import numpy, platform
      blas = numpy.show_config("dicts")["Build Dependencies"]["blas"]
      print("numpy", numpy.__version__, blas["name"], blas["version"])
      print(platform.machine(), *platform.libc_ver())
      """;
  private static final String EXPECTED =
      """
      numpy 2.4.6 scipy-openblas 0.3.31
      x86_64 glibc 2.36
      """;

  private final Path directory;

  private LiveNumpy(Path directory) {
    this.directory = directory;
  }

  /**
   * Skips the test, with the reason, where numpy, its OpenBLAS or the C library is missing or
   * another than that of the record.
   *
   * @param directory takes what is written meanwhile
   */
  public static LiveNumpy assumeThatOfTheRecord(Path directory) throws InterruptedException {
    assumeTrue(
        !System.getProperty("allclose.python", "").equals("none"),
        "skipped: allclose.python is none");
    LiveNumpy numpy = new LiveNumpy(directory);
    String found;
    try {
      found = numpy.run("-c", VERSIONS);
    } catch (IOException e) {
      found = "no python3 with numpy: " + e.getMessage();
    }
    String printed = found;
    assumeTrue(
        printed.replaceAll("(0\\.3\\.31)[.0-9]*", "$1").equals(EXPECTED),
        () -> "skipped: expected " + EXPECTED + "but found " + printed);
    return numpy;
  }

  /** Returns the lines that a program of {@code testdata/reference} writes to its last argument. */
  public List<String> record(String program, String... arguments)
      throws IOException, InterruptedException {
    Path script = testdata().resolve("reference").resolve(program);
    Path lines = directory.resolve("lines.txt");
    String[] command =
        Stream.of(Stream.of(script.toString()), Stream.of(arguments), Stream.of(lines.toString()))
            .flatMap(words -> words)
            .toArray(String[]::new);
    assertEquals("", run(command), "printed by " + program);
    return Files.readAllLines(lines);
  }

  /** Returns the lines that are committed. */
  public static List<String> recorded(String digests) throws IOException {
    return Files.readAllLines(testdata().resolve("digests").resolve(digests));
  }

  private static Path testdata() {
    return Path.of(System.getProperty("allclose.testdata"));
  }

  /** Runs Python for at most five minutes and returns what it printed. */
  private String run(String... arguments) throws IOException, InterruptedException {
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of("python3"), Stream.of(arguments)).toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("python3: expected it to end within 5 minutes");
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
