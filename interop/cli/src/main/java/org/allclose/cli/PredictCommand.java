package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.allclose.Network;
import org.allclose.tensor.Shape;
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
    Tensor scores = predict(options.network(), options.input(), batch);
    if (output.get().toString().endsWith(".npz")) {
      NumpyTensors.writeNpz(output.get(), Map.of("scores", scores));
    } else {
      NumpyTensors.write(output.get(), scores);
    }
    return Allclose.GOOD;
  }

  private static Tensor predict(Network network, Tensor x, int batch) {
    int samples = network.spec().batchSize(x);
    if (samples <= batch) {
      return network.predict(x);
    }
    Shape sample = x.shape().dropFirst();
    Shape score = network.spec().output();
    Tensor scores = Tensor.zeros(score.prepend(samples));
    for (int start = 0; start < samples; start += batch) {
      int n = Math.min(batch, samples - start);
      double[] part =
          Arrays.copyOfRange(x.unwrap(), start * sample.size(), (start + n) * sample.size());
      Tensor result = network.predict(Tensor.wrap(sample.prepend(n), part));
      System.arraycopy(result.unwrap(), 0, scores.unwrap(), start * score.size(), result.size());
    }
    return scores;
  }
}
