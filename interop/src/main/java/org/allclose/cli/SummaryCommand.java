package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.allclose.weights.NetworkFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code allclose summary}: prints the layers of a network. */
@Command(
    name = "summary",
    description = "Print the layers of a network, their output shapes and parameter counts.",
    mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {

  @Option(names = "--network", required = true, paramLabel = "JSON", description = "Network file.")
  private Path network;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    spec.commandLine().getOut().print(NetworkFile.read(network).summary());
    return Allclose.GOOD;
  }
}
