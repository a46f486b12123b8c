package org.allclose.jnpy;

import java.nio.file.Path;
import org.allclose.TestPython;

/** Runs the recorders; where there is no Python with numpy, the test that asks is skipped. */
final class Python {
  private Python() {}

  /** Runs a script of {@code testdata/reference} and returns what it prints. */
  static String run(String script, String... arguments) throws Exception {
    return TestPython.with("numpy").succeed(Path.of("").toAbsolutePath(), script, arguments);
  }
}
