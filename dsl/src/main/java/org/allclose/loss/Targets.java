package org.allclose.loss;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.allclose.internal.ops.Ops;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * What the scores of a batch are compared with: a label for each sample, or for each place of each
 * sample, or a tensor of values.
 *
 * <p>Immutable, unless made by {@link #wrap}.
 */
public final class Targets {
  private static final Shape ONE_PLACE = Shape.of();
  private static final SortedMap<String, Targets> NO_PARTS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  private final int[] labels;
  private final Shape places;
  private final Optional<Tensor> values;

  /** The targets of several losses by the names of their outputs. */
  private final SortedMap<String, Targets> parts;

  /**
   * @param places the shape of the labels of one sample
   */
  private Targets(int[] labels, Shape places, Optional<Tensor> values) {
    this(labels, places, values, NO_PARTS);
  }

  private Targets(
      int[] labels, Shape places, Optional<Tensor> values, SortedMap<String, Targets> parts) {
    this.labels = labels;
    this.places = places;
    this.values = values;
    this.parts = parts;
  }

  /** Returns targets of one class index for each sample. */
  public static Targets labels(int... labels) {
    return new Targets(labels.clone(), ONE_PLACE, Optional.empty());
  }

  /** Returns targets of one class index for each sample, on the caller's array. */
  public static Targets wrap(int[] labels) {
    return new Targets(Objects.requireNonNull(labels), ONE_PLACE, Optional.empty());
  }

  /**
   * Returns targets of one class index for each sample, or for each of its places, given as
   * numbers.
   *
   * @param labels shape (n), or (n, ...) for scores of shape (n, ..., classes)
   * @throws ShapeMismatchException if there is no axis
   * @throws IllegalArgumentException if a value is not a whole number that fits an int
   */
  public static Targets labels(Tensor labels) {
    if (labels.shape().rank() == 0) {
      throw new ShapeMismatchException("labels: expected shape (n,) but got " + labels.shape());
    }
    double[] values = labels.unwrap();
    int[] whole = new int[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (int) values[i];
      if (whole[i] != values[i]) {
        throw new IllegalArgumentException(
            place(i, labels.shape().dropFirst())
                + ": expected a class, a whole number from 0, but got "
                + values[i]);
      }
    }
    return new Targets(whole, labels.shape().dropFirst(), Optional.empty());
  }

  /** Returns how errors name a label: {@code labels[2]}, or {@code labels[2, 5]} of places. */
  private static String place(int index, Shape places) {
    StringBuilder text = new StringBuilder();
    int rest = index;
    for (int axis = places.rank() - 1; axis >= 0; axis--) {
      text.insert(0, ", " + rest % places.axis(axis));
      rest /= places.axis(axis);
    }
    return "labels[" + rest + text + "]";
  }

  /** Returns targets of one value for each score. */
  public static Targets values(Tensor values) {
    return new Targets(new int[0], ONE_PLACE, Optional.of(values.copy()));
  }

  /**
   * Returns targets of several losses.
   *
   * @param targets by the names of the outputs that the losses are taken of
   * @throws IllegalArgumentException if there are none, or of another number of samples for one
   *     output than for another
   */
  public static Targets byOutput(Map<String, Targets> targets) {
    SortedMap<String, Targets> parts = new TreeMap<>(targets);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("targets: expected at least one output but got none");
    }
    String first = parts.firstKey();
    int samples = Objects.requireNonNull(parts.get(first)).size();
    parts.forEach(
        (output, own) -> {
          if (own.size() != samples) {
            throw new ShapeMismatchException(
                "targets of '"
                    + output
                    + "': expected "
                    + samples
                    + " samples, as '"
                    + first
                    + "' has, but got "
                    + own.size());
          }
        });
    return new Targets(new int[0], ONE_PLACE, Optional.empty(), parts);
  }

  /**
   * Returns the targets of one loss of a network.
   *
   * @param output the name of the output that it is taken of; where these are the targets of one
   *     loss, any
   */
  public Targets of(String output) {
    return parts.getOrDefault(output, this);
  }

  /**
   * Checks that these are the targets of a network's losses.
   *
   * @param outputs the names of the outputs that they are taken of
   * @throws IllegalArgumentException if they are of other outputs, or of one where there are
   *     several
   */
  public void requireOutputs(List<String> outputs) {
    int known = 0;
    for (int i = 0; i < outputs.size(); i++) { // no iterator is made for each batch
      known += parts.containsKey(outputs.get(i)) ? 1 : 0;
    }
    boolean isOne = parts.isEmpty() && outputs.size() == 1;
    if (!isOne && (known < outputs.size() || known < parts.size())) {
      throw new IllegalArgumentException(
          "targets: expected those of outputs "
              + outputs
              + " by their names but got "
              + (parts.isEmpty() ? "those of one" : parts.keySet()));
    }
  }

  /**
   * Returns the share of samples, or of their places, whose largest score is that of their label.
   *
   * <p>Of equal scores the first counts as the largest, and NaN is larger than any number, as in
   * {@code np.mean(np.argmax(scores, axis=-1) == labels)}.
   *
   * @param scores shape (n, classes), or (n, ..., classes); not modified
   * @throws IllegalArgumentException if these targets are not labels of such scores
   */
  public double accuracy(Tensor scores) {
    return accuracy(scores, OptionalInt.empty());
  }

  /**
   * Returns the same share of those whose label is not the ignored one; NaN if there are none.
   *
   * @param ignored the label of places that do not count
   */
  public double accuracy(Tensor scores, OptionalInt ignored) {
    if (scores.shape().rank() != places.rank() + 2) {
      throw new ShapeMismatchException(
          "scores: expected shape (n, "
              + (places.rank() == 0 ? "" : "..., ")
              + "classes) but got "
              + scores.shape());
    }
    int width = scores.shape().axis(places.rank() + 1);
    int[] right = classes(scores.shape(), ignored);
    int hits = 0;
    for (int i = 0; i < right.length; i++) {
      if (counts(i, ignored) && Ops.argMax(scores.unwrap(), i * width, width) == right[i]) {
        hits++;
      }
    }
    return (double) hits / counted(ignored);
  }

  /** Returns the number of labels that are not the ignored one. */
  public int counted(OptionalInt ignored) {
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      count += counts(i, ignored) ? 1 : 0;
    }
    return count;
  }

  private boolean counts(int label, OptionalInt ignored) {
    return ignored.isEmpty() || labels[label] != ignored.getAsInt();
  }

  /** Returns the number of samples these are for. */
  public int size() {
    if (!parts.isEmpty()) {
      return Objects.requireNonNull(parts.get(parts.firstKey())).size();
    }
    return values
        .map(tensor -> tensor.shape().axis(0))
        .orElse(labels.length / Math.max(1, places.size()));
  }

  /** Returns targets of the same kind for a number of samples, for {@link #gather} to overwrite. */
  public Targets room(int samples) {
    if (!parts.isEmpty()) {
      SortedMap<String, Targets> rooms = new TreeMap<>();
      parts.forEach((output, own) -> rooms.put(output, own.room(samples)));
      return new Targets(labels, places, values, rooms);
    }
    return new Targets(
        new int[values.isPresent() ? 0 : samples * places.size()],
        places,
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
    if (!parts.isEmpty()) {
      parts.forEach((output, own) -> own.gather(rows, from, into.of(output)));
      return;
    }
    for (int i = 0; i < into.size(); i++) {
      int row = rows[from + i];
      if (values.isPresent()) {
        int size = values.get().size() / size();
        double[] target = into.values.orElseThrow().unwrap();
        System.arraycopy(values.get().unwrap(), row * size, target, i * size, size);
      } else {
        System.arraycopy(
            labels, row * places.size(), into.labels, i * places.size(), places.size());
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
    parts.forEach((output, own) -> own.update(digest));
  }

  /**
   * Checks that every label is a class.
   *
   * @param ignored a label that needs not be one
   * @throws IllegalArgumentException if one is not from 0 to classes - 1
   */
  public void requireClasses(int classes, OptionalInt ignored) {
    for (int i = 0; i < labels.length; i++) {
      if (counts(i, ignored) && (labels[i] < 0 || labels[i] >= classes)) {
        throw new IllegalArgumentException(
            place(i, places)
                + ": expected a class from 0 to "
                + (classes - 1)
                + (ignored.isPresent() ? ", or " + ignored.getAsInt() + "," : "")
                + " but got "
                + labels[i]
                + advice(classes));
      }
    }
  }

  /** Returns whether these are labels rather than values. */
  public boolean areLabels() {
    return values.isEmpty() && parts.isEmpty();
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
   * Returns the class index of each sample, or of each of its places, the array itself.
   *
   * @param scores the shape of a batch of scores
   * @param ignored a label that needs not be a class
   * @throws ShapeMismatchException if there is not one label for each sample, or place
   * @throws IllegalArgumentException if a label is not from 0 to classes - 1, or these targets are
   *     values
   */
  int[] classes(Shape scores, OptionalInt ignored) {
    if (values.isPresent()) {
      throw new IllegalArgumentException(
          "targets: expected one label for each sample but got values of shape "
              + values.get().shape());
    }
    int samples = scores.axis(0);
    boolean onePlace = scores.rank() == 2 && places.rank() == 0;
    if (onePlace && labels.length != samples) {
      throw new ShapeMismatchException(
          "labels: expected " + samples + ", one for each sample, but got " + labels.length);
    }
    if (!onePlace && !arePlacesOf(scores)) {
      int[] rows = scores.toArray();
      throw new ShapeMismatchException(
          "labels: expected shape "
              + Shape.of(Arrays.copyOf(rows, rows.length - 1))
              + ", one for each row of scores, but got "
              + places.prepend(size()));
    }
    requireClasses(scores.axis(scores.rank() - 1), ignored);
    return labels;
  }

  private boolean arePlacesOf(Shape scores) {
    boolean fit = scores.rank() == places.rank() + 2 && scores.axis(0) == size();
    for (int axis = 0; fit && axis < places.rank(); axis++) {
      fit = places.axis(axis) == scores.axis(axis + 1);
    }
    return fit;
  }

  /** Those who count classes from 1 have the last one as a label, and never the first. */
  private String advice(int classes) {
    boolean fromOne = Arrays.stream(labels).allMatch(label -> label >= 1 && label <= classes);
    return fromOne ? "; labels count from 0: do these count from 1?" : "";
  }
}
