package org.allclose.train;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.allclose.Network;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** Samples and what the loss compares their scores with. */
public final class Dataset {
  private static final int DIGEST_BYTES = 8;

  private final Samples samples;
  private final Targets targets;

  /** The inputs of a data set, from which batches are gathered: in memory, or in a file. */
  public interface Samples {

    /** Returns the number of samples. */
    int size();

    /** Returns the shape of one sample. */
    Shape shape();

    /**
     * Copies a sample to a batch.
     *
     * @param index from 0 to {@link #size} - 1
     * @param batch shape (n, ...); modified
     * @param row which of its samples becomes the copy
     */
    void copy(int index, Tensor batch, int row);

    /**
     * Returns the samples of a tensor along its first axis.
     *
     * @param x shape (n, ...); used itself, not copied
     * @throws ShapeMismatchException if there is no axis beside the first
     */
    static Samples of(Tensor x) {
      if (x.shape().rank() < 2) {
        throw new ShapeMismatchException("samples: expected shape (n, ...) but got " + x.shape());
      }
      Shape shape = x.shape().dropFirst();
      return new Samples() {
        @Override
        public int size() {
          return x.shape().axis(0);
        }

        @Override
        public Shape shape() {
          return shape;
        }

        @Override
        public void copy(int index, Tensor batch, int row) {
          int size = shape.size();
          System.arraycopy(x.unwrap(), index * size, batch.unwrap(), row * size, size);
        }
      };
    }
  }

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
          public void copy(int index, Tensor batch, int row) {
            samples.copy(own[index], batch, row);
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

  /**
   * Returns the share of samples whose largest score is that of their label, as a network in
   * inference mode has it.
   *
   * @throws IllegalArgumentException if the data have no labels
   */
  public double accuracy(Network network) {
    return new Scoring(network, this).accuracy();
  }

  /** Returns the mean loss of a network in inference mode, regularization included. */
  public double loss(Network network) {
    return new Scoring(network, this).loss();
  }

  /**
   * Returns the number of samples, their shape, and the start of the SHA-256 of all samples and
   * targets in their order, as text. Reads all data, which takes a small part of the time of an
   * epoch.
   */
  String digest() {
    MessageDigest sha = sha256();
    Tensor sample = Tensor.zeros(shape().prepend(1));
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * sample.size());
    for (int i = 0; i < size(); i++) {
      samples.copy(i, sample, 0);
      bytes.asDoubleBuffer().put(sample.unwrap());
      sha.update(bytes.array());
    }
    targets.update(sha);
    return size()
        + " samples of shape "
        + shape()
        + ", SHA-256 "
        + HexFormat.of().formatHex(sha.digest(), 0, DIGEST_BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("digest of data: expected SHA-256 in every JVM", e);
    }
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
      for (int i = 0; i < size(); i++) {
        samples.copy(rows[from + i], x, i);
      }
      targets.gather(rows, from, of);
    }
  }
}
