package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Python that has what a test needs; where there is none, the test that asks is skipped.
 *
 * <p>Tried are those that the system property {@value #PROPERTY} lists, separated as in a path,
 * then {@code python3}; none at all if it says {@code none}.
 *
 * @param command what starts it
 */
public record TestPython(String command) {

  /** Lists further Pythons, such as those of virtual environments. */
  public static final String PROPERTY = "allclose.python";

  private static final Path REFERENCE =
      TestData.folder().resolve("reference").toAbsolutePath().normalize();

  /** How a run of Python ended: its exit status and all that it printed. */
  public record Outcome(int status, String output) {}

  /** Returns a Python that can import all of the given modules. */
  public static TestPython with(String... modules) throws Exception {
    if (System.getProperty(PROPERTY, "").equals("none")) {
      return abort("skipped: " + PROPERTY + " is none");
    }
    List<String> candidates =
        new ArrayList<>(List.of(System.getProperty(PROPERTY, "").split(File.pathSeparator)));
    candidates.add("python3");
    candidates.add("/usr/bin/python3");
    for (String candidate : candidates) {
      if (!candidate.isEmpty() && has(new TestPython(candidate), modules)) {
        return new TestPython(candidate);
      }
    }
    return abort("skipped: no python3 here has " + String.join(" and ", modules));
  }

  private static boolean has(TestPython python, String... modules) throws Exception {
    try {
      return python
              .run(Path.of("").toAbsolutePath(), "-c", "import " + String.join(", ", modules))
              .status()
          == 0;
    } catch (IOException noSuchPython) {
      return false;
    }
  }

  /** Returns a script of {@code testdata/reference}. */
  public static String script(String name) {
    return REFERENCE.resolve(name).toString();
  }

  /** Runs a script of {@code testdata/reference}, which has to succeed; returns what it printed. */
  public String succeed(Path folder, String script, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(script(script)));
    all.addAll(List.of(arguments));
    Outcome outcome = run(folder, all.toArray(String[]::new));
    assertEquals(0, outcome.status(), outcome.output());
    return outcome.output();
  }

  /** Runs Python in a folder; both of its streams are read as one. */
  public Outcome run(Path folder, String... arguments) throws Exception {
    return run(folder, Map.of(), arguments);
  }

  /** Runs Python in a folder with more variables in its environment. */
  public Outcome run(Path folder, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    Path output = Files.createTempFile("python", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(all)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(10, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(all + ": expected it to end within 10 minutes");
      }
      return new Outcome(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
