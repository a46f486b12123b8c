package org.allclose.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.allclose.Network;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code allclose predict}: writes the scores of an input array. */
@Command(
    name = "predict",
    description = "Compute the scores of an input array.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  private static final String DEFAULT_BATCH = "256";

  @Mixin private NetworkOptions options;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Where the scores go: a .npy, or a .npz with the entry 'scores'.")
  private Path output;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = DEFAULT_BATCH,
      description = {
        "Samples computed at a time; default: ${DEFAULT-VALUE}.",
        "The bits are those of numpy run on the same batches."
      })
  private int batch;

  @Override
  public Integer call() throws IOException {
    if (batch < 1) {
      throw new IllegalArgumentException("--batch: expected at least 1 but got " + batch);
    }
    Tensor scores = predict(options.network(), options.input());
    if (output.toString().endsWith(".npz")) {
      NumpyTensors.writeNpz(output, Map.of("scores", scores));
    } else {
      NumpyTensors.write(output, scores);
    }
    return Allclose.GOOD;
  }

  private Tensor predict(Network network, Tensor x) {
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
