package org.allclose.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Times the workloads here, in numpy and in PyTorch in turns, and prints medians and ratios, and
 * for training what a step holds in memory.
 *
 * <p>Usage: {@code SideBySide TESTDATA RESULTS [threads=N] [rounds=N] [torch=PYTHON] [NAME ...]};
 * the last says which Python has PyTorch. The peers run at their best: with the kernels they choose
 * for this processor, and with memory that they need not give back to the system after each step.
 */
public final class SideBySide {
  private static final String ALLCLOSE = "allclose";
  private static final String NUMPY = "numpy";
  private static final String TORCH = "PyTorch";
  private static final String PEER_SECONDS = "2";

  private final Path testdata;
  private final Path results;
  private final List<String> names = new ArrayList<>();
  private int threads = Runtime.getRuntime().availableProcessors();
  private int rounds = 3;
  private String torchPython = "python3";

  private SideBySide(List<String> arguments) {
    testdata = Path.of(arguments.get(0));
    results = Path.of(arguments.get(1));
    for (String argument : arguments.subList(2, arguments.size())) {
      if (argument.startsWith("threads=")) {
        threads = Integer.parseInt(argument.substring("threads=".length()));
      } else if (argument.startsWith("rounds=")) {
        rounds = Integer.parseInt(argument.substring("rounds=".length()));
      } else if (argument.startsWith("torch=")) {
        torchPython = argument.substring("torch=".length());
      } else if (!argument.isBlank()) {
        names.add(argument);
      }
    }
  }

  public static void main(String[] arguments)
      throws IOException, InterruptedException, RunnerException, NoSuchFieldException {
    List<String> all = new ArrayList<>();
    Arrays.stream(arguments).flatMap(text -> Arrays.stream(text.split(" "))).forEach(all::add);
    new SideBySide(all).run();
  }

  private void run()
      throws IOException, InterruptedException, RunnerException, NoSuchFieldException {
    if (names.isEmpty()) {
      names.addAll(
          List.of(
              WorkloadBenchmark.class
                  .getDeclaredField("workload")
                  .getAnnotation(org.openjdk.jmh.annotations.Param.class)
                  .value()));
    }
    Files.createDirectories(results);
    Map<String, Map<String, List<Double>>> times = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (String name : names) {
        Map<String, List<Double>> sides = times.computeIfAbsent(name, key -> new LinkedHashMap<>());
        add(sides, ALLCLOSE, here(name, round));
        for (double time : peer("python3", "numpy_peer.py", name)) {
          add(sides, NUMPY, time);
        }
        for (double time : peer(torchPython, "torch_peer.py", name)) {
          add(sides, TORCH, time);
        }
        System.err.printf(Locale.ROOT, "round %d %s %s%n", round, name, sides);
      }
    }
    print(times);
    names.stream().filter(name -> name.endsWith("_train")).forEach(StepMemory::print);
  }

  private static void add(Map<String, List<Double>> sides, String side, double time) {
    sides.computeIfAbsent(side, key -> new ArrayList<>()).add(time);
  }

  /** Times a workload here; returns the median in milliseconds. */
  private double here(String name, int round) throws RunnerException {
    Collection<RunResult> runs =
        new Runner(
                new OptionsBuilder()
                    .include(WorkloadBenchmark.class.getSimpleName())
                    .param("workload", name)
                    .jvmArgsAppend(
                        "--add-modules", "jdk.incubator.vector", "-Dallclose.threads=" + threads)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementTime(TimeValue.seconds(1))
                    .resultFormat(ResultFormatType.JSON)
                    .result(results.resolve(name + "-" + round + ".json").toString())
                    .output(results.resolve(name + "-" + round + ".txt").toString())
                    .build())
            .run();
    return runs.iterator().next().getPrimaryResult().getStatistics().getPercentile(50);
  }

  /**
   * Times a workload in a peer; returns its median in milliseconds, or nothing without the peer.
   */
  private double[] peer(String python, String script, String name)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            python, testdata.resolve("benchmark").resolve(script).toString(), PEER_SECONDS, name);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("OPENBLAS_"));
    environment.put("MALLOC_MMAP_THRESHOLD_", "1000000000");
    environment.put("MALLOC_TRIM_THRESHOLD_", "10000000000");
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    if (threads < Runtime.getRuntime().availableProcessors()) {
      environment.put("OPENBLAS_NUM_THREADS", Integer.toString(threads));
      environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    }
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || output.isBlank()) {
      return new double[0];
    }
    return new double[] {Double.parseDouble(output.strip().split(" ")[1])};
  }

  private void print(Map<String, Map<String, List<Double>>> times) {
    System.out.printf(
        Locale.ROOT,
        "JDK %s, %d threads, %d rounds; medians in ms; ratio: the peer's time by allclose's%n",
        Runtime.version(),
        threads,
        rounds);
    String format = "%-38s %10s %10s %6s %10s %6s%n";
    System.out.printf(format, "workload", ALLCLOSE, NUMPY, "ratio", TORCH, "ratio");
    times.forEach(
        (name, sides) -> {
          double ours = median(sides.get(ALLCLOSE));
          String[] cells = new String[4];
          String[] peers = {NUMPY, TORCH};
          for (int i = 0; i < peers.length; i++) {
            List<Double> peer = sides.get(peers[i]);
            cells[2 * i] = peer == null ? "-" : number(median(peer));
            cells[2 * i + 1] =
                peer == null ? "-" : String.format(Locale.ROOT, "%.2f", median(peer) / ours);
          }
          System.out.printf(format, name, number(ours), cells[0], cells[1], cells[2], cells[3]);
        });
  }

  private static String number(double milliseconds) {
    return String.format(Locale.ROOT, "%.4f", milliseconds);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
