package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.Network;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NetworkFile;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.NumpyWeights;
import picocli.CommandLine.Option;

/** The options of commands that run a network over an array. */
final class NetworkOptions {

  @Option(names = "--network", required = true, paramLabel = "JSON", description = "Network file.")
  private Path network;

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "NPZ",
      description = "Parameters under their names, such as fc1/W.")
  private Path weights;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "NPY",
      description = "Input array, shape (n, ...).")
  private Path input;

  Network network() throws IOException {
    return NetworkFile.read(network).bind(NumpyWeights.open(weights));
  }

  Tensor input() throws IOException {
    return NumpyTensors.read(input);
  }
}
