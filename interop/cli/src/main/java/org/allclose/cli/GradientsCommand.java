package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.Network;
import org.allclose.internal.network.NetworkResults;
import org.allclose.layer.Mode;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import picocli.CommandLine.Model.OptionSpec;

/** {@code allclose gradients}: writes scores, loss and every gradient of an input array. */
final class GradientsCommand extends Subcommand {
  private final NetworkOptions options = new NetworkOptions(this);
  private final OptionSpec labels =
      option(
              Path.class,
              "--labels",
              "NPY",
              "Right class of each sample; the backward pass starts from the loss.")
          .build();
  private final OptionSpec upstream =
      option(
              Path.class,
              "--upstream",
              "NPY",
              "Gradient of the scores; the backward pass starts from it, without a loss.")
          .build();
  private final Supplier<String> mode =
      withDefault(
          "training",
          String.class,
          "--mode",
          "MODE",
          "training or inference; default: ${DEFAULT-VALUE}.");
  private final Supplier<Optional<Long>> seed =
      optional(
          Long.class,
          "--seed",
          "N",
          "Seed of the RandomState that dropout draws from in training mode.");
  private final Supplier<Path> output =
      writes(
          required(Path.class, "--output", "NPZ", "Where scores, loss and gradients go."), ".npz");

  GradientsCommand() {
    super(
        "gradients",
        "Compute scores, loss and gradients of an input array as one batch.",
        "Entries of the output: scores, loss (with labels), dx, one for each parameter, and in training",
        "mode what the running statistics become.");
    oneOf(labels, upstream);
    files().reads(labels);
    files().reads(upstream);
  }

  @Override
  public Integer call() throws IOException {
    Network network = options.network().withMode(mode());
    if (seed.get().isPresent()) {
      network = network.withRandom(NumpyRandomState.seed(seed.get().get()));
    }
    Tensor x = options.input();
    Path right = labels.getValue();
    Map<String, Tensor> entries =
        right != null
            ? NetworkResults.ofLoss(network, x, Targets.labels(options.read(right)))
            : NetworkResults.ofUpstream(network, x, options.read(upstream.<Path>getValue()));
    NumpyTensors.writeNpz(output.get(), entries);
    return Allclose.GOOD;
  }

  private Mode mode() {
    return switch (mode.get()) {
      case "training" -> Mode.TRAINING;
      case "inference" -> Mode.INFERENCE;
      default ->
          throw new IllegalArgumentException(
              "--mode: expected training or inference but got '" + mode.get() + "'");
    };
  }
}
