package org.allclose.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.allclose.internal.text.Printable;

/**
 * Runs commands on files that were changed a little, in this JVM, for some seconds.
 *
 * <p>Whatever the file, a command ends with 0, 1 or 2, soon, says one line where it is 2 and makes
 * no output then, prints nothing that a terminal would obey, and has no fault of its own.
 */
final class CommandLineFuzz {
  private static final long MOST_NANOSECONDS = 2_000_000_000L;

  private final FuzzedCommands commands;
  private final Map<String, int[]> statuses = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private long slowest;
  private int memory;

  private CommandLineFuzz(FuzzedCommands commands) {
    this.commands = commands;
  }

  /** Takes a folder, how many seconds, and a seed; ends with 1 if there are findings. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    long seed = Long.parseLong(arguments[2]);
    CommandLineFuzz fuzz =
        new CommandLineFuzz(new FuzzedCommands(folder, new Mutator(new Random(seed))));
    long end = System.nanoTime() + Long.parseLong(arguments[1]) * 1_000_000_000L;
    int runs = 0;
    while (System.nanoTime() < end && fuzz.findings.size() < 20) {
      fuzz.run(runs++);
    }
    System.out.println(runs + " runs with seed " + seed + ", " + fuzz.report());
    fuzz.findings.forEach(System.out::println);
    System.exit(runs == 0 || !fuzz.findings.isEmpty() ? 1 : 0);
  }

  private String report() {
    StringBuilder text = new StringBuilder("the slowest in " + slowest / 1_000_000 + " ms");
    text.append(", out of memory ").append(memory).append(" times;");
    statuses.forEach(
        (kind, count) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    " %s: %d good, %d mismatches, %d unusable;",
                    kind,
                    count[0],
                    count[1],
                    count[2])));
    return text.toString();
  }

  private void run(int number) throws IOException {
    FuzzedCommands.Command command = commands.next(number);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    int status =
        Allclose.run(
            new PrintWriter(out), new PrintWriter(err), command.arguments().toArray(String[]::new));
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    slowest = Math.max(slowest, took);
    String fault = fault(command, status, out.toString(), err.toString(), took);
    if (!fault.isEmpty()) {
      Path kept = commands.keep(findings.size());
      findings.add(
          "FINDING "
              + fault
              + ": "
              + command.arguments()
              + ", kept in "
              + kept
              + ": "
              + Printable.of(err.toString()));
    }
    if (status >= 0 && status <= 2) {
      statuses.computeIfAbsent(command.kind(), kind -> new int[3])[status]++;
    }
    memory += err.toString().contains("memory: ") ? 1 : 0;
  }

  private static String fault(
      FuzzedCommands.Command command, int status, String out, String err, long took) {
    // A case is told of in a line, and then how many there are; an archive in one for each entry.
    int lines =
        switch (command.kind()) {
          case "case" -> 2;
          case "npz" -> Integer.MAX_VALUE;
          default -> 1;
        };
    if (status < 0 || status > 2) {
      return "status " + status;
    }
    if (status == 2
        && (err.lines().count() < 1
            || err.lines().count() > lines
            || !err.lines().allMatch(line -> line.startsWith("allclose: ")))) {
      return "other than one line";
    }
    if (status < 2 && !err.isEmpty()) {
      return "an error that is none";
    }
    if (err.contains("a fault of this program")) {
      return "a fault of the program";
    }
    if (!(out + err).codePoints().allMatch(c -> c == '\n' || Printable.isPrintable(c))) {
      return "characters that a terminal obeys";
    }
    if (status == 2 && command.outputs().stream().anyMatch(Files::exists)) {
      return "an output although it is unusable";
    }
    return took > MOST_NANOSECONDS ? "took " + took / 1_000_000 + " ms" : "";
  }
}
