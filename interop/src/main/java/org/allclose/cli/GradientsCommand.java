package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.layer.Mode;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code allclose gradients}: writes scores, loss and every gradient of an input array. */
@Command(
    name = "gradients",
    description = {
      "Compute scores, loss and gradients of an input array as one batch.",
      "Entries of the output: scores, loss (with labels), dx, one for each parameter, and in training",
      "mode what the running statistics become."
    },
    mixinStandardHelpOptions = true)
final class GradientsCommand implements Callable<Integer> {

  @Mixin private NetworkOptions options;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Start start;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "training",
      description = "training or inference; default: ${DEFAULT-VALUE}.")
  private String mode;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the RandomState that dropout draws from in training mode.")
  private Optional<Long> seed;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "NPZ",
      description = "Where scores, loss and gradients go.")
  private Path output;

  /** What the backward pass starts from. */
  static final class Start {
    @Option(
        names = "--labels",
        required = true,
        paramLabel = "NPY",
        description = "Right class of each sample; the backward pass starts from the loss.")
    private Path labels;

    @Option(
        names = "--upstream",
        required = true,
        paramLabel = "NPY",
        description = "Gradient of the scores; the backward pass starts from it, without a loss.")
    private Path upstream;
  }

  @Override
  public Integer call() throws IOException {
    FileKind.NPZ.require("--output", output);
    Network network = options.network().withMode(mode());
    if (seed.isPresent()) {
      network = network.withRandom(NumpyRandomState.seed(seed.get()));
    }
    Tensor x = options.input();
    Map<String, Tensor> entries = new LinkedHashMap<>();
    Evaluation evaluation;
    if (start.labels != null) {
      Targets labels = Targets.labels(NumpyTensors.read(start.labels));
      evaluation = network.evaluate(x, labels);
      entries.put("scores", evaluation.scores());
      entries.put("loss", Tensor.scalar(evaluation.loss()));
    } else {
      evaluation = network.backward(x, NumpyTensors.read(start.upstream));
      entries.put("scores", evaluation.scores());
    }
    entries.put("dx", evaluation.inputGradient());
    entries.putAll(evaluation.gradients().asMap());
    entries.putAll(evaluation.statistics().asMap());
    NumpyTensors.writeNpz(output, entries);
    return Allclose.GOOD;
  }

  private Mode mode() {
    return switch (mode) {
      case "training" -> Mode.TRAINING;
      case "inference" -> Mode.INFERENCE;
      default ->
          throw new IllegalArgumentException(
              "--mode: expected training or inference but got '" + mode + "'");
    };
  }
}
