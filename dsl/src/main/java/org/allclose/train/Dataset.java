package org.allclose.train;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.loss.Targets;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** Samples and what the loss compares their scores with. */
public final class Dataset {
  private static final int DIGEST_BYTES = 8;

  /** What the input of a network that has but one is called here. */
  private static final String ONLY = "x";

  private final List<String> names;
  private final List<Samples> inputs;
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

  private Dataset(List<String> names, List<Samples> inputs, Targets targets) {
    this.names = names;
    this.inputs = inputs;
    this.targets = targets;
  }

  /**
   * Returns a data set for a network of one input.
   *
   * @throws IllegalArgumentException if there is no sample
   * @throws ShapeMismatchException if there is not one target for each sample
   */
  public static Dataset of(Samples samples, Targets targets) {
    return ofSamples(Map.of(ONLY, samples), targets);
  }

  /**
   * Returns a data set for a network of several inputs.
   *
   * @param inputs by their names; a sample is one of each, of the same number
   * @throws IllegalArgumentException if there is no input, or no sample
   * @throws ShapeMismatchException if one input has more samples than another, or there is not one
   *     target for each sample
   */
  public static Dataset ofSamples(Map<String, Samples> inputs, Targets targets) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("data: expected at least 1 input but got none");
    }
    List<String> names = inputs.keySet().stream().sorted().toList(); // in every JVM the same
    List<Samples> samples = names.stream().map(inputs::get).toList();
    int size = samples.get(0).size();
    if (size == 0) {
      throw new IllegalArgumentException("data: expected at least 1 sample but got none");
    }
    for (int i = 1; i < names.size(); i++) {
      if (samples.get(i).size() != size) {
        throw new ShapeMismatchException(
            names.get(i)
                + ": expected "
                + size
                + " samples, as of "
                + names.get(0)
                + ", but got "
                + samples.get(i).size());
      }
    }
    if (targets.size() != size) {
      throw new ShapeMismatchException(
          "targets: expected " + size + ", one for each sample, but got " + targets.size());
    }
    return new Dataset(names, samples, targets);
  }

  /**
   * Returns a data set in memory for a network of several inputs.
   *
   * @param inputs by their names, shapes (n, ...); used themselves, not copied
   * @throws IllegalArgumentException if there is no input, or no sample
   * @throws ShapeMismatchException if one input has more samples than another, or there is not one
   *     target for each sample
   */
  public static Dataset of(Map<String, Tensor> inputs, Targets targets) {
    Map<String, Samples> samples = new LinkedHashMap<>();
    inputs.forEach((name, x) -> samples.put(name, Samples.of(x)));
    return ofSamples(samples, targets);
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
    Map<String, Samples> selected = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      selected.put(names.get(i), selected(inputs.get(i), own));
    }
    Targets ofSelected = targets.room(own.length);
    targets.gather(own, 0, ofSelected);
    return ofSamples(selected, ofSelected);
  }

  private static Samples selected(Samples samples, int[] rows) {
    return new Samples() {
      @Override
      public int size() {
        return rows.length;
      }

      @Override
      public Shape shape() {
        return samples.shape();
      }

      @Override
      public void copy(int index, Tensor batch, int row) {
        samples.copy(rows[index], batch, row);
      }
    };
  }

  /** Returns the number of samples. */
  public int size() {
    return inputs.get(0).size();
  }

  /** Returns the shape of one sample, of several inputs that of the first by name. */
  public Shape shape() {
    return inputs.get(0).shape();
  }

  /** Returns the shape of one sample of each input, by the inputs' names. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      shapes.put(names.get(i), inputs.get(i).shape());
    }
    return Collections.unmodifiableMap(shapes);
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
   * Returns the number of samples, their shapes, and the start of the SHA-256 of all samples and
   * targets in their order, as text. Reads all data, which takes a small part of the time of an
   * epoch.
   */
  String digest() {
    MessageDigest sha = sha256();
    for (Samples samples : inputs) {
      Tensor sample = Tensor.zeros(samples.shape().prepend(1));
      ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * sample.size());
      for (int i = 0; i < size(); i++) {
        samples.copy(i, sample, 0);
        bytes.asDoubleBuffer().put(sample.unwrap());
        sha.update(bytes.array());
      }
    }
    targets.update(sha);
    return size()
        + (inputs.size() == 1 ? " samples of shape " + shape() : " samples of shapes " + shapes())
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
    return new Batch(size);
  }

  /** Samples gathered from the data set, in tensors that the next ones go into as well. */
  final class Batch {
    private final int size;
    private final Tensor[] tensors;
    private final Map<String, Tensor> byName = new LinkedHashMap<>();
    private final Targets of;

    private Batch(int size) {
      this.size = size;
      tensors = new Tensor[inputs.size()];
      for (int i = 0; i < tensors.length; i++) {
        tensors[i] = Tensor.zeros(inputs.get(i).shape().prepend(size));
        byName.put(names.get(i), tensors[i]);
      }
      of = targets.room(size);
    }

    Targets targets() {
      return of;
    }

    int size() {
      return size;
    }

    /** Gathers as many samples as there is room for. */
    void gather(int[] rows, int from) {
      for (int input = 0; input < tensors.length; input++) {
        for (int i = 0; i < size; i++) {
          inputs.get(input).copy(rows[from + i], tensors[input], i);
        }
      }
      targets.gather(rows, from, of);
    }

    /** Runs the samples forward. */
    void forward(Execution execution) {
      if (tensors.length == 1) {
        execution.forward(tensors[0]);
      } else {
        execution.forward(byName);
      }
    }

    /** Returns what each layer of a network gives for the samples. */
    Map<String, Tensor> outputs(Network network) {
      return tensors.length == 1 ? network.outputs(tensors[0]) : network.outputs(byName);
    }
  }
}
