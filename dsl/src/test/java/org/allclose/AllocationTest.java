package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.allclose.train.optimizer.Optimizer;
import org.allclose.type.Types;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Prediction into a caller's buffer, each layer and loss, and a step of training leave nothing to
 * collect.
 *
 * <p>Counted in a JVM without the Vector API, whose vectors are objects until all code around them
 * is compiled, which may take minutes; there the benchmarks' allocation profile tells. What the
 * layers do is the same.
 */
class AllocationTest {
  private static List<String> lines;

  @BeforeAll
  static void count() throws IOException, InterruptedException {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean,
        "this JVM does not count allocated bytes");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Allocations.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    lines = output.lines().toList();
  }

  @Test
  void counter_countsAnArray() {
    long bytes = bytes(lines.get(0));
    assertTrue(bytes >= 8000, "expected at least 8000 bytes but got " + bytes);
  }

  @TestFactory
  List<DynamicTest> run_allocatesNothing() {
    int layers = EveryLayer.networks().size();
    int optimizers = Types.of(Optimizer.class).all().size();
    assertEquals(1 + 4 * 2 + 4 * 3 + layers * 2 + 5 + optimizers, lines.size());
    return lines.subList(1, lines.size()).stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line.substring(line.indexOf(' ') + 1),
                    () ->
                        assertTrue(
                            bytes(line) < Allocations.MOST_BYTES,
                            "expected less than " + Allocations.MOST_BYTES + " bytes: " + line)))
        .toList();
  }

  private static long bytes(String line) {
    return Long.parseLong(line.substring(0, line.indexOf(' ')));
  }
}
