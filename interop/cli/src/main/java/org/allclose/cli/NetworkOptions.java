package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.network.NetworkFile;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;

/** The options of commands that run a network over an array. */
final class NetworkOptions {
  private final Supplier<Path> network;
  private final Supplier<Path> weights;
  private final Supplier<Path> input;
  private final LayoutOptions layout;
  private final ReadingOptions reading;

  NetworkOptions(Subcommand command) {
    network = command.reads(command.required(Path.class, "--network", "JSON", "Network file."));
    weights =
        command.reads(
            command.required(
                Path.class,
                "--weights",
                "FILE",
                "Parameters under their names, such as fc1/W: a .npz or a .safetensors."));
    input =
        command.reads(
            command.required(Path.class, "--input", "NPY", "Input array, shape (n, ...)."));
    reading = new ReadingOptions(command);
    layout = new LayoutOptions(command, reading);
  }

  Network network() throws IOException {
    NetworkSpec spec = NetworkFile.read(network.get());
    return spec.bind(layout.open(weights.get(), spec));
  }

  Tensor input() throws IOException {
    return read(input.get());
  }

  /** Reads another array that the command was given. */
  Tensor read(Path file) throws IOException {
    return NumpyTensors.read(file, reading.get());
  }
}
