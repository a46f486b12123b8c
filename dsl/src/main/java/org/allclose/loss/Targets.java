package org.allclose.loss;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * What the scores of a batch are compared with: a label for each sample, or a tensor of values.
 *
 * <p>Immutable, unless made by {@link #wrap}.
 */
public final class Targets {
  private final int[] labels;
  private final Optional<Tensor> values;

  private Targets(int[] labels, Optional<Tensor> values) {
    this.labels = labels;
    this.values = values;
  }

  /** Returns targets of one class index for each sample. */
  public static Targets labels(int... labels) {
    return new Targets(labels.clone(), Optional.empty());
  }

  /** Returns targets of one class index for each sample, on the caller's array. */
  public static Targets wrap(int[] labels) {
    return new Targets(Objects.requireNonNull(labels), Optional.empty());
  }

  /**
   * Returns targets of one class index for each sample, given as numbers.
   *
   * @param labels of one axis
   * @throws ShapeMismatchException if there is not exactly one axis
   * @throws IllegalArgumentException if a value is not a whole number that fits an int
   */
  public static Targets labels(Tensor labels) {
    if (labels.shape().rank() != 1) {
      throw new ShapeMismatchException("labels: expected shape (n,) but got " + labels.shape());
    }
    double[] values = labels.unwrap();
    int[] whole = new int[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) values[i];
      if (whole[i] != values[i]) {
        throw new IllegalArgumentException(
            "labels[" + i + "]: expected a class, a whole number from 0, but got " + values[i]);
      }
    }
    return new Targets(whole, Optional.empty());
  }

  /** Returns targets of one value for each score. */
  public static Targets values(Tensor values) {
    return new Targets(new int[0], Optional.of(values.copy()));
  }

  /**
   * Returns the share of samples whose largest score is that of their label.
   *
   * <p>Of equal scores the first counts as the largest, and NaN is larger than any number, as in
   * {@code np.mean(np.argmax(scores, axis=1) == labels)}.
   *
   * @param scores shape (n, classes); not modified
   * @throws IllegalArgumentException if these targets are not labels of such scores
   */
  public double accuracy(Tensor scores) {
    if (scores.shape().rank() != 2) {
      throw new ShapeMismatchException(
          "scores: expected shape (n, classes) but got " + scores.shape());
    }
    int samples = scores.shape().axis(0);
    int width = scores.shape().axis(1);
    int[] right = classes(samples, width);
    int hits = 0;
    for (int i = 0; i < samples; i++) {
      if (Ops.argMax(scores.unwrap(), i * width, width) == right[i]) {
        hits++;
      }
    }
    return (double) hits / samples;
  }

  /** Returns the number of samples these are for. */
  public int size() {
    return values.map(tensor -> tensor.shape().axis(0)).orElse(labels.length);
  }

  /** Returns targets of the same kind for a number of samples, for {@link #gather} to overwrite. */
  public Targets room(int samples) {
    return new Targets(
        new int[values.isPresent() ? 0 : samples],
        values.map(tensor -> Tensor.zeros(tensor.shape().dropFirst().prepend(samples))));
  }

  /**
   * Copies the targets of some samples.
   *
   * @param rows the samples
   * @param from where in rows to begin
   * @param into made by {@link #room}; modified: overwritten
   */
  public void gather(int[] rows, int from, Targets into) {
    for (int i = 0; i < into.size(); i++) {
      int row = rows[from + i];
      if (values.isPresent()) {
        int size = values.get().size() / size();
        double[] target = into.values.orElseThrow().unwrap();
        System.arraycopy(values.get().unwrap(), row * size, target, i * size, size);
      } else {
        into.labels[i] = labels[row];
      }
    }
  }

  /** Adds all targets to a digest: labels as four bytes, values as eight, big-endian. */
  public void update(MessageDigest digest) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES);
    for (int label : labels) {
      digest.update(bytes.putInt(0, label).array(), 0, Integer.BYTES);
    }
    if (values.isPresent()) {
      for (double value : values.get().unwrap()) {
        digest.update(bytes.putDouble(0, value).array());
      }
    }
  }

  /**
   * Checks that every label is a class.
   *
   * @throws IllegalArgumentException if one is not from 0 to classes - 1
   */
  public void requireClasses(int classes) {
    if (areLabels()) {
      classes(labels.length, classes);
    }
  }

  /** Returns whether these are labels rather than values. */
  public boolean areLabels() {
    return values.isEmpty();
  }

  /**
   * Returns the values, the tensor itself.
   *
   * @throws ShapeMismatchException if they do not have the shape of the scores
   * @throws IllegalArgumentException if these targets are labels
   */
  Tensor values(Shape scores) {
    Tensor tensor =
        values.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "targets: expected values of shape " + scores + " but got labels"));
    if (!tensor.shape().equals(scores)) {
      throw new ShapeMismatchException(
          "targets: expected shape " + scores + " but got " + tensor.shape());
    }
    return tensor;
  }

  /**
   * Returns the class index of each sample, the array itself.
   *
   * @throws ShapeMismatchException if there is not one label for each sample
   * @throws IllegalArgumentException if a label is not from 0 to classes - 1, or these targets are
   *     values
   */
  int[] classes(int samples, int classes) {
    if (values.isPresent()) {
      throw new IllegalArgumentException(
          "targets: expected one label for each sample but got values of shape "
              + values.get().shape());
    }
    if (labels.length != samples) {
      throw new ShapeMismatchException(
          "labels: expected " + samples + ", one for each sample, but got " + labels.length);
    }
    for (int i = 0; i < samples; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "labels["
                + i
                + "]: expected a class from 0 to "
                + (classes - 1)
                + " but got "
                + labels[i]
                + advice(classes));
      }
    }
    return labels;
  }

  /** Those who count classes from 1 have the last one as a label, and never the first. */
  private String advice(int classes) {
    boolean fromOne = Arrays.stream(labels).allMatch(label -> label >= 1 && label <= classes);
    return fromOne ? "; labels count from 0: do these count from 1?" : "";
  }
}
