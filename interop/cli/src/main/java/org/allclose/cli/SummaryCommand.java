package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.allclose.network.NetworkFile;

/** {@code allclose summary}: prints the layers of a network. */
final class SummaryCommand extends Subcommand {
  private final Supplier<Path> network =
      reads(required(Path.class, "--network", "JSON", "Network file."));

  SummaryCommand() {
    super("summary", "Print the layers of a network, their output shapes and parameter counts.");
  }

  @Override
  public Integer call() throws IOException {
    out().print(NetworkFile.read(network.get()).summary());
    return Allclose.GOOD;
  }
}
