package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records the fixtures anew with the Python that is here; skipped where it is another one. */
@Tag("slow")
class LiveReferenceTest {
  private static final Path RECORDER = TestData.folder().resolve("reference/record.py");

  @TempDir Path folder;

  @Test
  void recordingAnew_givesTheCommittedBytes() throws Exception {
    Map<String, String> recorded = CaseFile.read(TestData.fixtures().resolve("digits")).recorded();
    String here = versions();
    String there = "numpy " + recorded.get("numpy") + ", " + recorded.get("libc");
    assumeTrue(here.equals(there), () -> "skipped: recorded with " + there + ", here is " + here);
    String output = run(RECORDER.toString(), "--output", folder.resolve("cases").toString());
    assumeFalse(
        output.contains("strict mode: expected OpenBLAS"),
        () -> "skipped: this numpy has no strict mode: " + output);
    assertEquals(
        files(TestData.fixtures(), Set.of("natural", "torch", "keras")),
        files(folder.resolve("cases"), Set.of()),
        output);
  }

  private String versions() throws Exception {
    try {
      return run(
              "-c",
              "import numpy, platform; print('numpy ' + numpy.__version__ + ', ' + '"
                  + " '.join(platform.libc_ver()))")
          .strip();
    } catch (IOException e) {
      return "no python3: " + e.getMessage();
    }
  }

  /** Returns every file below a folder with its digest, those of some subfolders left out. */
  private static Map<String, String> files(Path root, Set<String> without) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(path).toString();
        if (!without.contains(root.relativize(path).getName(0).toString())) {
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
          files.put(name, HexFormat.of().formatHex(digest));
        }
      }
    }
    return files;
  }

  /** Runs Python for at most five minutes and returns what it printed. */
  private String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(command + ": expected it to end within 5 minutes");
    }
    return Files.readString(output);
  }
}
