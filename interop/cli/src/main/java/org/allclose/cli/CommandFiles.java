package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.internal.file.AtomicFile;
import org.allclose.parity.CaseFile;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The files that the arguments of a command name: what is known of them before the work starts.
 *
 * <p>No output is an input or another output, under whatever name; it is called what its format is;
 * and it can be written. Nothing of that changes a file.
 */
final class CommandFiles {
  private final List<ArgSpec> inputs = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();

  private record Output(ArgSpec argument, List<String> suffixes, boolean isAppended) {}

  /** An output as it was given, and the file that it leads to. */
  private record Written(String argument, Path given, Path file) {}

  void reads(ArgSpec argument) {
    inputs.add(argument);
  }

  void writes(ArgSpec argument, String... suffixes) {
    outputs.add(new Output(argument, List.of(suffixes), false));
  }

  void appends(ArgSpec argument) {
    outputs.add(new Output(argument, List.of(), true));
  }

  /** Returns the arguments whose files are read. */
  List<ArgSpec> inputs() {
    return inputs;
  }

  /** Returns the arguments whose files are written. */
  List<ArgSpec> outputs() {
    return outputs.stream().map(Output::argument).toList();
  }

  /**
   * Checks all of them.
   *
   * @throws IllegalArgumentException if an output is also read, or written twice, or called what it
   *     is not
   * @throws IOException if an output cannot be written
   */
  void check() throws IOException {
    List<Written> before = new ArrayList<>();
    for (Output output : outputs) {
      for (Path path : paths(output.argument)) {
        Written written = prove(output, path);
        requireNotRead(written);
        requireNotWritten(written, before);
        before.add(written);
      }
    }
  }

  /** Does all that comes before the first byte, and takes it back. */
  private static Written prove(Output output, Path given) throws IOException {
    String argument = name(output.argument);
    if (output.isAppended && Files.isWritable(given) && !Files.isDirectory(given)) {
      return new Written(argument, given, given.toRealPath());
    }
    try (AtomicFile trial = AtomicFile.createUnforced(given)) {
      if (!trial.isDirect() && !output.suffixes.isEmpty()) {
        requireSuffix(argument, given, output.suffixes);
      }
      return new Written(argument, given, trial.file());
    }
  }

  private static void requireSuffix(String argument, Path given, List<String> suffixes) {
    if (suffixes.stream().noneMatch(given.toString()::endsWith)) {
      throw new IllegalArgumentException(
          argument
              + ": expected the name of a "
              + String.join(" or ", suffixes)
              + " file but got "
              + given);
    }
  }

  private void requireNotRead(Written output) throws IOException {
    for (ArgSpec input : inputs) {
      for (Path path : paths(input)) {
        if (Files.isDirectory(path) ? isInACase(output.file, path) : isSame(output.file, path)) {
          throw new IllegalArgumentException(
              output.argument
                  + ": expected a file that is not read but got "
                  + output.given
                  + ", which "
                  + name(input)
                  + " reads");
        }
      }
    }
  }

  private static void requireNotWritten(Written output, List<Written> before) throws IOException {
    for (Written other : before) {
      boolean isNew = Files.notExists(output.file) && output.file.equals(other.file);
      if (isNew || isSame(output.file, other.file)) {
        throw new IllegalArgumentException(
            output.argument
                + ": expected another file than "
                + other.argument
                + " but got "
                + output.given);
      }
    }
  }

  /** Returns whether two paths lead to one regular file, by links of either kind or none. */
  private static boolean isSame(Path a, Path b) throws IOException {
    return Files.isRegularFile(a) && Files.exists(b) && Files.isSameFile(a, b);
  }

  /** Returns whether a file lies in a recorded case, or is one that does under another name. */
  private static boolean isInACase(Path file, Path folder) throws IOException {
    for (Path recorded : CaseFile.below(folder)) {
      if (file.startsWith(recorded.toRealPath())) {
        return true;
      }
      if (Files.isRegularFile(file)) {
        try (Stream<Path> files = Files.walk(recorded)) {
          for (Path path : (Iterable<Path>) files::iterator) {
            if (isSame(file, path)) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static List<Path> paths(ArgSpec argument) {
    Object value = argument.getValue();
    if (value == null) {
      return List.of();
    }
    return value instanceof Collection<?> several
        ? several.stream().map(Path.class::cast).toList()
        : List.of((Path) value);
  }

  /** Returns what the usage calls an argument: its longest name, or its label. */
  private static String name(ArgSpec argument) {
    return argument.isOption() ? ((OptionSpec) argument).longestName() : argument.paramLabel();
  }
}
