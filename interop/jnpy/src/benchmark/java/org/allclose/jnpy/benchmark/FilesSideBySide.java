package org.allclose.jnpy.benchmark;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.allclose.jnpy.Durability;
import org.allclose.jnpy.Limits;
import org.allclose.jnpy.Npy;
import org.allclose.jnpy.NpyArray;
import org.allclose.jnpy.NpyFile;
import org.allclose.jnpy.Npz;
import org.allclose.jnpy.ReadOptions;

/**
 * Times numpy files here, in a running JVM, and in a running numpy in turns; prints medians and
 * ratios.
 *
 * <p>Usage: {@code FilesSideBySide TESTDATA [megabytes=200] [files=10000] [rounds=7] [warmup=3]
 * [folder=DIR] [python=PYTHON] [TASK ...]}. The files lie in a new folder, in the page cache, and
 * are deleted at the end. Neither side forces what it writes to the disk.
 */
public final class FilesSideBySide implements Closeable {
  private static final long QUICK_NANOSECONDS = 2_000_000_000L;
  private static final String TEMPORARY = System.getProperty("java.io.tmpdir");
  private static final int MOST_ROUNDS = 2_000;

  /** A task; returns a sum of elements, the same as numpy's. */
  private interface Task {
    double run() throws IOException;
  }

  private final Path folder;
  private final Path ours;
  private final int files;
  private final List<String> wanted;
  private final Process peer;
  private final PrintWriter toPeer;
  private final BufferedReader fromPeer;
  private final Map<String, Task> tasks = new LinkedHashMap<>();
  private NpyArray large = NpyArray.of(new double[0], 0);

  private FilesSideBySide(Path testdata, Map<String, String> settings, List<String> names)
      throws IOException {
    this.folder =
        Files.createTempDirectory(Path.of(setting(settings, "folder", TEMPORARY)), "numpy-files");
    this.ours = folder.resolve("ours.npy");
    this.files = Integer.parseInt(setting(settings, "files", "10000"));
    addTasks();
    this.wanted = names.isEmpty() ? List.copyOf(tasks.keySet()) : names;
    List<String> command = new ArrayList<>();
    command.add(setting(settings, "python", "python3"));
    command.add(testdata.resolve("benchmark/numpy_files_peer.py").toString());
    command.add(folder.toString());
    command.add(setting(settings, "megabytes", "200"));
    command.add(Integer.toString(files));
    command.addAll(wanted);
    this.peer = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.toPeer = new PrintWriter(peer.getOutputStream(), true, StandardCharsets.UTF_8);
    this.fromPeer =
        new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8));
  }

  private void addTasks() {
    Path file = folder.resolve("large.npy");
    tasks.put("memory", () -> last(Npy.read(file)));
    tasks.put("mappedOpen", () -> mapped(file, FilesSideBySide::last));
    tasks.put("mappedSum", () -> mapped(file, FilesSideBySide::sum));
    tasks.put("mappedCopy", () -> mapped(file, array -> last(array.copy())));
    tasks.put("stored", () -> archive("stored.npz"));
    tasks.put("deflated", () -> archive("deflated.npz"));
    tasks.put("small", this::small);
    tasks.put("write", this::write);
    tasks.put("replace", this::write);
  }

  private static String setting(Map<String, String> settings, String name, String otherwise) {
    return settings.getOrDefault(name, otherwise);
  }

  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (String argument : String.join(" ", arguments).strip().split(" +", -1)) {
      String[] parts = argument.split("=", 2);
      if (parts.length == 2) {
        settings.put(parts[0], parts[1]);
      } else {
        names.add(argument);
      }
    }
    Path testdata = Path.of(names.remove(0));
    int warmup = Integer.parseInt(setting(settings, "warmup", "3"));
    int rounds = Integer.parseInt(setting(settings, "rounds", "7"));
    try (FilesSideBySide sides = new FilesSideBySide(testdata, settings, names)) {
      sides.run(warmup, rounds);
    }
  }

  private void run(int warmup, int rounds) throws IOException {
    String line = fromPeer.readLine();
    if (!"ready".equals(line)) {
      throw new IOException("numpy: expected 'ready' but got " + line);
    }
    large = Npy.read(folder.resolve("large.npy"));
    System.out.printf(
        Locale.ROOT,
        "JDK %s; medians in ms; ratio: numpy's time by allclose's%n",
        Runtime.version());
    System.out.printf(
        Locale.ROOT, "%-12s %6s %10s %10s %6s%n", "task", "rounds", "allclose", "numpy", "ratio");
    for (String name : wanted) {
      turns(name, warmup);
      List<double[]> times = turns(name, rounds);
      double ours = median(times, 0);
      double numpys = median(times, 1);
      System.out.printf(
          Locale.ROOT,
          "%-12s %6d %10.3f %10.3f %6.2f%n",
          name,
          times.size(),
          ours,
          numpys,
          numpys / ours);
    }
  }

  /**
   * Runs a task on both sides in turns: so many times at least, and more if that is quickly done.
   */
  private List<double[]> turns(String name, int least) throws IOException {
    List<double[]> times = new ArrayList<>();
    long end = System.nanoTime() + QUICK_NANOSECONDS;
    while (times.size() < least || (System.nanoTime() < end && times.size() < MOST_ROUNDS)) {
      if (name.equals("write")) {
        Files.deleteIfExists(ours);
      }
      long start = System.nanoTime();
      double sum = tasks.get(name).run();
      double our = (System.nanoTime() - start) / 1e6;
      toPeer.println(name);
      String[] answer = fromPeer.readLine().split(" ", -1);
      if (Double.parseDouble(answer[1]) != sum) {
        throw new IOException(name + ": expected a sum of " + answer[1] + " but got " + sum);
      }
      times.add(new double[] {our, Double.parseDouble(answer[0])});
    }
    return times;
  }

  private static double median(List<double[]> times, int side) {
    double[] sorted = times.stream().mapToDouble(pair -> pair[side]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** What to do with a mapped array. */
  private interface Use {
    double of(NpyArray array);
  }

  private static double mapped(Path path, Use use) throws IOException {
    try (NpyFile file = Npy.open(path)) {
      return use.of(file.array());
    }
  }

  private static double last(NpyArray array) {
    double[] last = new double[1];
    array.getDoubles(array.size() - 1, last, 0, 1);
    return last[0];
  }

  private static double sum(NpyArray array) {
    DoubleBuffer values = (DoubleBuffer) array.asReadOnlyBuffer();
    // Eight sums at once, as numpy has them: one would wait for each addition.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    for (int i = 0; i + 7 < values.limit(); i += 8) {
      a += values.get(i);
      b += values.get(i + 1);
      c += values.get(i + 2);
      d += values.get(i + 3);
      e += values.get(i + 4);
      f += values.get(i + 5);
      g += values.get(i + 6);
      h += values.get(i + 7);
    }
    return a + b + c + d + e + f + g + h;
  }

  private double archive(String name) throws IOException {
    ReadOptions options =
        ReadOptions.defaults().withLimits(Limits.defaults().withArrayBytes(1L << 40));
    Map<String, NpyArray> arrays = Npz.read(folder.resolve(name), options);
    return arrays.values().stream().mapToDouble(FilesSideBySide::last).sum();
  }

  private double small() throws IOException {
    double sum = 0;
    float[] first = new float[1];
    for (int i = 0; i < files; i++) {
      Npy.read(folder.resolve("small/" + i + ".npy")).getFloats(0, first, 0, 1);
      sum += first[0];
    }
    return sum;
  }

  private double write() throws IOException {
    Npy.write(ours, large, Durability.BUFFERED);
    return last(large);
  }

  @Override
  public void close() throws IOException {
    peer.destroyForcibly();
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
