package org.allclose.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * What a network computes, under the names that recorded cases and written files have for it:
 * {@code scores}, {@code loss}, {@code dx}, a gradient for each parameter, and what the running
 * statistics become.
 */
public final class NetworkResults {
  private NetworkResults() {}

  /**
   * Returns the scores of all samples, computed so many at a time.
   *
   * @param batch at least 1; the bits are those of numpy run on the same batches
   */
  public static Tensor scores(Network network, Tensor x, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch: expected at least 1 but got " + batch);
    }
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

  /** Returns what comes of one batch and its loss. */
  public static Map<String, Tensor> ofLoss(Network network, Tensor x, Targets targets) {
    Evaluation evaluation = network.evaluate(x, targets);
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("scores", evaluation.scores());
    results.put("loss", Tensor.scalar(evaluation.loss()));
    addGradients(results, evaluation);
    return results;
  }

  /**
   * Returns what comes of one batch, without a loss.
   *
   * @param upstream the gradient of the scores, of their shape
   */
  public static Map<String, Tensor> ofUpstream(Network network, Tensor x, Tensor upstream) {
    Evaluation evaluation = network.backward(x, upstream);
    Map<String, Tensor> results = new LinkedHashMap<>();
    results.put("scores", evaluation.scores());
    addGradients(results, evaluation);
    return results;
  }

  private static void addGradients(Map<String, Tensor> results, Evaluation evaluation) {
    results.put("dx", evaluation.inputGradient());
    results.putAll(evaluation.gradients().asMap());
    results.putAll(evaluation.statistics().asMap());
  }
}
