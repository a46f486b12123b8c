package org.allclose.internal.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.allclose.Evaluation;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.layer.Graph;
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

  /** Returns what comes of one batch of the one input and its loss. */
  public static Map<String, Tensor> ofLoss(Network network, Tensor x, Targets targets) {
    return ofLoss(network, network.spec().inputs(x), targets);
  }

  /** Returns what comes of one batch and its loss. */
  public static Map<String, Tensor> ofLoss(
      Network network, Map<String, Tensor> inputs, Targets targets) {
    return of(network.spec(), network.evaluate(inputs, targets));
  }

  /**
   * Returns what comes of one batch of the one input, without a loss.
   *
   * @param upstream the gradient of the scores, of their shape
   */
  public static Map<String, Tensor> ofUpstream(Network network, Tensor x, Tensor upstream) {
    String scores = network.spec().outputs().get(0);
    return ofUpstream(network, network.spec().inputs(x), Map.of(scores, upstream));
  }

  /**
   * Returns what comes of one batch, without a loss.
   *
   * @param upstream gradients of outputs by their names, of their shapes
   */
  public static Map<String, Tensor> ofUpstream(
      Network network, Map<String, Tensor> inputs, Map<String, Tensor> upstream) {
    return of(network.spec(), network.backward(inputs, upstream));
  }

  /** Returns what an evaluation has, with a loss or without. */
  public static Map<String, Tensor> of(NetworkSpec spec, Evaluation evaluation) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    addOutputs(results, spec, evaluation::output);
    if (evaluation.hasLoss()) {
      results.put("loss", Tensor.scalar(evaluation.loss()));
    }
    addGradients(results, spec, evaluation);
    return results;
  }

  /** Returns what comes of running one batch forward: outputs, and what statistics become. */
  public static Map<String, Tensor> ofForward(Network network, Map<String, Tensor> inputs) {
    Execution execution = network.execution(network.spec().batchSize(inputs));
    execution.forward(inputs);
    Map<String, Tensor> results = new LinkedHashMap<>();
    addOutputs(results, network.spec(), execution::output);
    results.putAll(execution.statistics().asMap());
    return results;
  }

  /** Returns what cases call an input: the one that was given no name is x. */
  public static String recordedName(NetworkSpec spec, Graph.Input input) {
    return spec.inputs().size() == 1 && input.name().equals(Graph.INPUT) ? "x" : input.name();
  }

  /** The first output are the scores, any further one goes by its name. */
  private static void addOutputs(
      Map<String, Tensor> results, NetworkSpec spec, Function<String, Tensor> output) {
    results.put("scores", output.apply(spec.outputs().get(0)));
    spec.outputs().stream().skip(1).forEach(name -> results.put(name, output.apply(name)));
  }

  /** The gradient of the one input is dx, that of one of several d and its name. */
  private static void addGradients(
      Map<String, Tensor> results, NetworkSpec spec, Evaluation evaluation) {
    for (Graph.Input input : spec.inputs()) {
      if (!input.isTokens()) {
        results.put("d" + recordedName(spec, input), evaluation.inputGradient(input.name()));
      }
    }
    results.putAll(evaluation.gradients().asMap());
    results.putAll(evaluation.statistics().asMap());
  }
}
