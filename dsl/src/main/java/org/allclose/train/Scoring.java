package org.allclose.train;

import java.util.OptionalInt;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.layer.Mode;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;

/**
 * Loss and accuracy of a network on a data set, in inference mode, a hundred samples at a time.
 *
 * <p>Source: cs231n {@code Solver.check_accuracy}.
 */
final class Scoring {
  private static final int BATCH = 100;

  private final Network network;
  private final Dataset data;

  /** Prepares to score all samples of a data set. */
  Scoring(Network network, Dataset data) {
    this.network = network.withMode(Mode.INFERENCE);
    this.data = data;
  }

  /**
   * Returns the share of samples, or of their places that count, whose largest score is that of
   * their label; of several losses, the first one's scores.
   *
   * @throws IllegalArgumentException if the data have no labels
   */
  double accuracy() {
    return accuracy(all());
  }

  /**
   * Returns the accuracy on some of the samples, drawn with replacement, or on all if there are not
   * more.
   */
  double accuracy(int samples, NumpyRandomState random) {
    return accuracy(data.size() > samples ? random.choice(data.size(), samples) : all());
  }

  /** Returns the mean loss of the samples, regularization included. */
  double loss() {
    double[] sum = {0};
    forBatches(
        all(),
        (execution, scores, batch) -> sum[0] += execution.loss(batch.targets()) * batch.size());
    return sum[0] / data.size();
  }

  private double accuracy(int[] rows) {
    String scored = network.spec().scored();
    OptionalInt ignored = network.spec().loss().map(Loss::ignoredLabel).orElse(OptionalInt.empty());
    long[] hits = {0};
    long[] all = {0};
    forBatches(
        rows,
        (execution, scores, batch) -> {
          Targets labels = batch.targets().of(scored);
          int counted = labels.counted(ignored);
          hits[0] += Math.round(labels.accuracy(scores, ignored) * counted);
          all[0] += counted;
        });
    return (double) hits[0] / all[0];
  }

  /** What is done with a batch. */
  private interface Action {
    void of(Execution execution, Tensor scores, Dataset.Batch batch);
  }

  private void forBatches(int[] rows, Action action) {
    int size = Math.min(BATCH, rows.length);
    Execution execution = network.execution(size);
    Dataset.Batch batch = data.batch(size);
    for (int from = 0; from < rows.length; from += BATCH) {
      int left = rows.length - from;
      if (left < size) {
        execution = network.execution(left);
        batch = data.batch(left);
      }
      batch.gather(rows, from);
      batch.forward(execution);
      action.of(execution, execution.output(network.spec().scored()), batch);
    }
  }

  private int[] all() {
    int[] rows = new int[data.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    return rows;
  }
}
