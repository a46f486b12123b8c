package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records the fixtures anew with the Python that is here; skipped where it is another one. */
class LiveReferenceTest {
  private static final Path RECORDER = TestData.folder().resolve("reference/record.py");

  @TempDir Path folder;

  @Test
  void recordingAnew_givesTheCommittedBytes() throws Exception {
    String numpy = run("-c", "import numpy; print(numpy.__version__)").strip();
    String recorded =
        RecordedCase.read(TestData.fixtures().resolve("digits")).recorded().get("numpy");
    assumeTrue(
        numpy.equals(recorded),
        "skipped: the fixtures were recorded with numpy " + recorded + ", here is " + numpy);
    run(RECORDER.toString(), "--output", folder.toString());
    assertEquals(files(TestData.fixtures(), "natural"), files(folder, ""));
  }

  /** Returns every file below a folder with its digest, those of one subfolder left out. */
  private static Map<String, String> files(Path root, String without) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(path).toString();
        if (without.isEmpty() || !name.startsWith(without)) {
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
          files.put(name, HexFormat.of().formatHex(digest));
        }
      }
    }
    return files;
  }

  /** Runs Python and returns what it prints; skips the test where there is no Python with numpy. */
  private static String run(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "python3";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return abort("skipped: no python3 here");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(process.waitFor(5, TimeUnit.MINUTES), "skipped: python3 did not end");
    if (output.contains("No module named 'numpy'")) {
      return abort("skipped: no numpy here");
    }
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}
