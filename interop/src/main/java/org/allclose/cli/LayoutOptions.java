package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.weights.RenamedWeights;
import org.allclose.weights.WeightFiles;
import org.allclose.weights.WeightLayout;

/** The options that say how a file of weights names and orders its parameters. */
final class LayoutOptions {
  private final Supplier<WeightLayout> layout;
  private final Supplier<Map<String, String>> renames;

  LayoutOptions(Subcommand command) {
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
  }

  /** Opens a file of weights and returns the parameters of a network out of it. */
  WeightSource open(Path file, NetworkSpec spec) throws IOException {
    return adapt(WeightFiles.open(file), spec);
  }

  WeightSource adapt(WeightSource source, NetworkSpec spec) {
    WeightSource renamed = source;
    for (Map.Entry<String, String> rename : renames.get().entrySet()) {
      renamed = RenamedWeights.of(renamed, rename.getKey(), rename.getValue());
    }
    return layout.get().adapt(renamed, spec);
  }
}
