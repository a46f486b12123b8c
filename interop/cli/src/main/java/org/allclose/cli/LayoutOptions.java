package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.weights.IgnoredWeights;
import org.allclose.weights.RenamedWeights;
import org.allclose.weights.WeightFiles;
import org.allclose.weights.WeightLayout;

/** The options that say how a file of weights names and orders its parameters. */
final class LayoutOptions {
  private final Subcommand command;
  private final ReadingOptions reading;
  private final Supplier<WeightLayout> layout;
  private final Supplier<Map<String, String>> renames;
  private final Supplier<List<String>> ignored;

  LayoutOptions(Subcommand command, ReadingOptions reading) {
    this.command = command;
    this.reading = reading;
    layout =
        command.withDefault(
            "CS231N",
            WeightLayout.class,
            "--layout",
            "LAYOUT",
            "Names and axes of the weights: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE},"
                + " fc1/W of shape (in, out).");
    renames =
        command.pairs(
            "--rename",
            "PATTERN=NAME",
            "Rename the weights whose whole name matches a regular expression; $1 is its first group."
                + " May be given several times.");
    ignored =
        command.repeated(
            String.class,
            "--ignore",
            "PATTERN",
            "Leave out the weights whose whole name, as the file has it, matches a regular"
                + " expression: what the network does not use. May be given several times.");
  }

  /**
   * Opens a file of weights, without what is to be ignored; says how many and which those are.
   *
   * @throws IllegalArgumentException if nothing matches a pattern
   */
  WeightSource open(Path file) throws IOException {
    WeightSource source = WeightFiles.open(file, reading.get());
    for (String pattern : ignored.get()) {
      IgnoredWeights rest = IgnoredWeights.of(source, pattern);
      command.err().println("allclose: " + source.description() + ": " + rest.note());
      source = rest;
    }
    return source;
  }

  /** Opens a file of weights and returns the parameters of a network out of it. */
  WeightSource open(Path file, NetworkSpec spec) throws IOException {
    return adapt(open(file), spec);
  }

  /** Returns the parameters of a network out of weights that were opened. */
  WeightSource adapt(WeightSource source, NetworkSpec spec) {
    WeightSource renamed = source;
    for (Map.Entry<String, String> rename : renames.get().entrySet()) {
      renamed = RenamedWeights.of(renamed, rename.getKey(), rename.getValue());
    }
    return layout.get().adapt(renamed, spec);
  }
}
