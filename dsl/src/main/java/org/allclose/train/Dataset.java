package org.allclose.train;

import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** Samples and what the loss compares their scores with. */
public final class Dataset {
  private final Samples samples;
  private final Targets targets;

  private Dataset(Samples samples, Targets targets) {
    this.samples = samples;
    this.targets = targets;
  }

  /**
   * Returns a data set.
   *
   * @throws IllegalArgumentException if there is no sample
   * @throws ShapeMismatchException if there is not one target for each sample
   */
  public static Dataset of(Samples samples, Targets targets) {
    if (samples.size() == 0) {
      throw new IllegalArgumentException("data: expected at least 1 sample but got none");
    }
    if (targets.size() != samples.size()) {
      throw new ShapeMismatchException(
          "targets: expected "
              + samples.size()
              + ", one for each sample, but got "
              + targets.size());
    }
    return new Dataset(samples, targets);
  }

  /**
   * Returns a data set in memory.
   *
   * @param x shape (n, ...); used itself, not copied
   * @throws IllegalArgumentException if there is no sample
   * @throws ShapeMismatchException if there is not one target for each sample
   */
  public static Dataset of(Tensor x, Targets targets) {
    return of(Samples.of(x), targets);
  }

  /**
   * Returns a data set of some of the samples, in the order of their numbers; the samples stay
   * where they are.
   *
   * @param rows from 0 to {@link #size} - 1
   * @throws IllegalArgumentException if there is no row
   */
  public Dataset select(int[] rows) {
    int[] own = rows.clone();
    Samples selected =
        new Samples() {
          @Override
          public int size() {
            return own.length;
          }

          @Override
          public Shape shape() {
            return samples.shape();
          }

          @Override
          public void copy(int index, double[] into, int offset) {
            samples.copy(own[index], into, offset);
          }
        };
    Targets ofSelected = targets.room(own.length);
    targets.gather(own, 0, ofSelected);
    return of(selected, ofSelected);
  }

  /** Returns the number of samples. */
  public int size() {
    return samples.size();
  }

  /** Returns the shape of one sample. */
  public Shape shape() {
    return samples.shape();
  }

  /** Returns the targets of all samples. */
  public Targets targets() {
    return targets;
  }

  /** Returns room for batches of a size. */
  Batch batch(int size) {
    return new Batch(Tensor.zeros(samples.shape().prepend(size)), targets.room(size));
  }

  /** Samples gathered from the data set, in tensors that the next ones go into as well. */
  final class Batch {
    private final Tensor x;
    private final Targets of;

    private Batch(Tensor x, Targets of) {
      this.x = x;
      this.of = of;
    }

    Tensor x() {
      return x;
    }

    Targets targets() {
      return of;
    }

    int size() {
      return x.shape().axis(0);
    }

    /** Gathers as many samples as there is room for. */
    void gather(int[] rows, int from) {
      int size = samples.shape().size();
      for (int i = 0; i < size(); i++) {
        samples.copy(rows[from + i], x.unwrap(), i * size);
      }
      targets.gather(rows, from, of);
    }
  }
}
