package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.weights.RenamedWeights;
import org.allclose.weights.WeightFiles;
import org.allclose.weights.WeightLayout;
import picocli.CommandLine.Option;

/** The options that say how a file of weights names and orders its parameters. */
final class LayoutOptions {

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "CS231N",
      description =
          "Names and axes of the weights: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE},"
              + " fc1/W of shape (in, out).")
  private WeightLayout layout;

  @Option(
      names = "--rename",
      paramLabel = "PATTERN=NAME",
      description =
          "Rename the weights whose whole name matches a regular expression; $1 is its first group."
              + " May be given several times.")
  private Map<String, String> renames = new LinkedHashMap<>();

  /** Opens a file of weights and returns the parameters of a network out of it. */
  WeightSource open(Path file, NetworkSpec spec) throws IOException {
    return adapt(WeightFiles.open(file), spec);
  }

  WeightSource adapt(WeightSource source, NetworkSpec spec) {
    WeightSource renamed = source;
    for (Map.Entry<String, String> rename : renames.entrySet()) {
      renamed = RenamedWeights.of(renamed, rename.getKey(), rename.getValue());
    }
    return layout.adapt(renamed, spec);
  }
}
