package org.allclose.train;

import java.util.Map;
import java.util.Optional;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.tensor.Tensor;

/**
 * Computes losses and gradients of batches, of which there are two sizes at most: that of whole
 * ones, and that of what is left in an epoch.
 */
final class BatchRunner {
  private final Network network;
  private final Dataset data;
  private final Buffers whole;
  private Optional<Buffers> rest = Optional.empty();
  private Buffers latest;

  /** What batches of one size are computed in. */
  private static final class Buffers {
    private final Execution execution;
    private final Dataset.Batch batch;
    private Optional<Parameters> statistics = Optional.empty();

    Buffers(Network network, Dataset data, int size) {
      execution = network.execution(size);
      batch = data.batch(size);
    }

    Parameters statistics() {
      if (statistics.isEmpty()) {
        statistics = Optional.of(execution.statistics());
      }
      return statistics.get();
    }
  }

  /**
   * Prepares for batches of the larger size.
   *
   * @throws IllegalArgumentException if they do not fit into memory
   */
  BatchRunner(Network network, Dataset data, int size) {
    this.network = network;
    this.data = data;
    whole = buffers(size);
    latest = whole;
  }

  private Buffers buffers(int size) {
    try {
      return new Buffers(network, data, size);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("batch of " + size + ": " + e.getMessage(), e);
    }
  }

  /** Returns the network's parameters, the tensors themselves. */
  Parameters parameters() {
    return whole.execution.parameters();
  }

  /**
   * Computes the loss and the gradients of some samples.
   *
   * @param rows their numbers
   * @return the loss
   */
  double run(int[] rows) {
    latest = of(rows.length);
    latest.batch.gather(rows, 0);
    latest.batch.forward(latest.execution);
    double loss = latest.execution.loss(latest.batch.targets());
    latest.execution.backwardParameters();
    return loss;
  }

  private Buffers of(int size) {
    if (size == whole.batch.size()) {
      return whole;
    }
    if (rest.isEmpty()) {
      rest = Optional.of(buffers(size));
    }
    return rest.get();
  }

  /** Returns what each layer gives for the latest batch, computed again. */
  Map<String, Tensor> outputs() {
    return latest.batch.outputs(network);
  }

  /**
   * Returns the gradients of the latest batch, the tensors themselves.
   *
   * @throws IllegalStateException if there was none
   */
  Parameters gradients() {
    return latest.execution.gradients();
  }

  /** Gives the network the statistics of the latest batch. */
  void keepStatistics() {
    for (Map.Entry<String, Tensor> entry : latest.statistics().asMap().entrySet()) {
      parameters().get(entry.getKey()).copyFrom(entry.getValue());
    }
  }
}
