package org.allclose.benchmark;

import java.util.Locale;
import org.allclose.NetworkSpec;

/**
 * Measures what a training step holds: input, parameters, gradients and all buffers. As a step
 * allocates nothing, that is its peak.
 */
final class StepMemory {
  private static final int STEPS = 3;
  private static final double MEGABYTE = 1e6;

  private StepMemory() {}

  /** Prints it beside the activations, every layer's output counted, and the parameters. */
  static void print(String name) {
    String[] parts = name.split("_");
    String sizes = parts[parts.length - 2];
    NetworkSpec spec = Workload.spec(sizes);
    double activations =
        8.0
            * Workload.batch(sizes)
            * spec.layers().stream().mapToLong(layer -> layer.output().size()).sum();
    double parameters =
        8.0 * spec.parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
    long before = used();
    Workload workload = Workload.of(name);
    double loss = 0;
    for (int i = 0; i < STEPS; i++) {
      loss = workload.run();
    }
    double peak = used() - before;
    // The workload and what it holds are in use until here.
    loss += workload.run();
    System.out.printf(
        Locale.ROOT,
        "%s: a step holds %.1f MB; activations %.1f MB + parameters %.1f MB = %.1f MB (loss %.3f)%n",
        name,
        peak / MEGABYTE,
        activations / MEGABYTE,
        parameters / MEGABYTE,
        (activations + parameters) / MEGABYTE,
        loss / 2);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
