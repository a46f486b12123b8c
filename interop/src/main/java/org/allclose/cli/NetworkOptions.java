package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NetworkFile;
import org.allclose.weights.NumpyTensors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that run a network over an array. */
final class NetworkOptions {

  @Option(names = "--network", required = true, paramLabel = "JSON", description = "Network file.")
  private Path network;

  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "Parameters under their names, such as fc1/W: a .npz or a .safetensors.")
  private Path weights;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "NPY",
      description = "Input array, shape (n, ...).")
  private Path input;

  @Mixin private LayoutOptions layout;

  Network network() throws IOException {
    NetworkSpec spec = NetworkFile.read(network);
    return spec.bind(layout.open(weights, spec));
  }

  Tensor input() throws IOException {
    return NumpyTensors.read(input);
  }
}
