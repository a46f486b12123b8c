package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.allclose.internal.network.NetworkResults;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;

/** {@code allclose predict}: writes the scores of an input array. */
final class PredictCommand extends Subcommand {
  private final NetworkOptions options = new NetworkOptions(this);
  private final Supplier<Path> output =
      writes(
          required(
              Path.class,
              "--output",
              "FILE",
              "Where the scores go: a .npy, or a .npz with the entry 'scores'."),
          ".npy",
          ".npz");
  private final Supplier<Integer> batch =
      withDefault(
          "256",
          Integer.class,
          "--batch",
          "N",
          "Samples computed at a time; default: ${DEFAULT-VALUE}.",
          "The bits are those of numpy run on the same batches.");

  PredictCommand() {
    super("predict", "Compute the scores of an input array.");
  }

  @Override
  public Integer call() throws IOException {
    int batch = this.batch.get();
    if (batch < 1) {
      throw new IllegalArgumentException("--batch: expected at least 1 but got " + batch);
    }
    Tensor scores = NetworkResults.scores(options.network(), options.input(), batch);
    if (output.get().toString().endsWith(".npz")) {
      NumpyTensors.writeNpz(output.get(), Map.of("scores", scores));
    } else {
      NumpyTensors.write(output.get(), scores);
    }
    return Allclose.GOOD;
  }
}
