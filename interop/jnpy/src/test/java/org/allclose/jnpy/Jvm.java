package org.allclose.jnpy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts further JVMs: with little memory, or to be killed. */
public final class Jvm {
  private Jvm() {}

  /** Starts a class of the tests with options of the JVM, both outputs into one. */
  public static Process start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    return startBehind(List.of(), options, main, arguments);
  }

  /** As {@link #start}, by another command that takes this one as its arguments. */
  public static Process startBehind(
      List<String> before, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    // The class path as it is, but for agents and engines, which the child does not need.
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
