package org.allclose.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.allclose.TestData;
import org.allclose.jnpy.Jvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some seconds of {@link CommandLineFuzz}; CONTRIBUTING.md says how to run it for longer. */
class CommandLineFuzzTest {
  private static final String SECONDS = System.getProperty("allclose.fuzz.seconds", "6");
  private static final String SEED = System.getProperty("allclose.fuzz.seed", "231");

  @TempDir Path folder;

  @Test
  void filesChangedALittle_endInALine_inAHeapOf256Megabytes() throws Exception {
    Process child =
        Jvm.start(
            List.of("-Xmx256m", "-Dallclose.testdata=" + TestData.folder()),
            CommandLineFuzz.class,
            folder.toString(),
            SECONDS,
            SEED);
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), output);
    assertTrue(output.contains(" runs with seed "), output);
    System.out.print(output);
  }
}
