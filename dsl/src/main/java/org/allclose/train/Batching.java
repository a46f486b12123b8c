package org.allclose.train;

import java.util.Arrays;
import org.allclose.random.NumpyRandomState;

/** How batches are drawn from the samples, with the draws of numpy. */
public enum Batching {
  /**
   * Each batch on its own, with replacement: {@code np.random.choice(n, batch)}, as cs231n's
   * Solver. An epoch has {@code max(n // batch, 1)} steps.
   */
  CHOICE("choice") {
    @Override
    int stepsPerEpoch(int samples, int batch) {
      return Math.max(samples / batch, 1);
    }

    @Override
    int[] order(int samples, NumpyRandomState random) {
      return new int[0];
    }

    @Override
    int[] rows(int samples, int batch, int place, int[] order, NumpyRandomState random) {
      return random.choice(samples, batch);
    }

    @Override
    int largestBatch(int samples, int batch) {
      return batch;
    }
  },

  /**
   * All samples in a new order each epoch, {@code np.random.permutation(n)}, as Keras. An epoch has
   * {@code ceil(n / batch)} steps; the last batch is what is left.
   */
  PERMUTATION("permutation") {
    @Override
    int stepsPerEpoch(int samples, int batch) {
      return (samples - 1) / batch + 1;
    }

    @Override
    int[] order(int samples, NumpyRandomState random) {
      return random.permutation(samples);
    }

    @Override
    int[] rows(int samples, int batch, int place, int[] order, NumpyRandomState random) {
      int from = place * batch;
      return Arrays.copyOfRange(order, from, from + Math.min(batch, samples - from));
    }

    @Override
    int largestBatch(int samples, int batch) {
      return Math.min(samples, batch);
    }
  };

  private final String type;

  Batching(String type) {
    this.type = type;
  }

  /** Returns the name in files. */
  public String type() {
    return type;
  }

  /** Returns the number of steps in which as many samples are used as there are. */
  abstract int stepsPerEpoch(int samples, int batch);

  /** Returns the order of the samples in an epoch that begins. */
  abstract int[] order(int samples, NumpyRandomState random);

  /** Returns the samples of a step, {@code place} being its number in the epoch. */
  abstract int[] rows(int samples, int batch, int place, int[] order, NumpyRandomState random);

  /** Returns the number of samples in the largest batch that there is. */
  abstract int largestBatch(int samples, int batch);
}
