package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.allclose.TestData;

/** Runs the recorders; where there is no Python with numpy, the test that asks is skipped. */
final class Python {
  private Python() {}

  /** Runs a script of {@code testdata/reference} and returns what it prints. */
  static String run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("python3");
    command.add(TestData.folder().resolve("reference").resolve(script).toString());
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return abort("skipped: no python3 here");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (output.contains("No module named 'numpy'")) {
      return abort("skipped: no numpy here");
    }
    assertEquals(0, status, output);
    return output;
  }
}
