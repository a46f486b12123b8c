package org.allclose.random;

import java.util.List;
import java.util.Locale;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Random permutations as numpy makes them: for {@code i = n - 1, ..., 1} the elements i and {@code
 * interval(i)} change places.
 *
 * <p>Source: numpy {@code RandomState.shuffle}, {@code Generator.shuffle} (BSD-3-Clause); the
 * algorithm is that of Fisher and Yates.
 */
final class Shuffling {
  private static final int CHUNK = 512;

  private Shuffling() {}

  static int[] permutation(RandomBits bits, int n) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = i;
    }
    shuffle(bits, numbers);
    return numbers;
  }

  static void shuffle(RandomBits bits, int[] x) {
    int[] others = new int[Math.min(CHUNK, x.length)];
    for (int last = x.length - 1; last > 0; last -= CHUNK) {
      int count = Math.min(CHUNK, last);
      bits.intervals(last, 1, others, count);
      for (int k = 0; k < count; k++) {
        int element = x[others[k]];
        x[others[k]] = x[last - k];
        x[last - k] = element;
      }
    }
  }

  static void shuffle(RandomBits bits, long[] x) {
    for (int i = x.length - 1; i > 0; i--) {
      int j = bits.interval(i);
      long element = x[j];
      x[j] = x[i];
      x[i] = element;
    }
  }

  static <T> void shuffle(RandomBits bits, List<T> x) {
    for (int i = x.size() - 1; i > 0; i--) {
      int j = bits.interval(i);
      x.set(i, x.set(j, x.get(i)));
    }
  }

  /**
   * Shuffles elements that lie apart.
   *
   * @param x modified: the elements {@code start + i * stride} for i in [0, n)
   */
  static void shuffle(RandomBits bits, double[] x, int start, int n, int stride) {
    int[] others = new int[Math.max(0, Math.min(CHUNK, n))];
    for (int last = n - 1; last > 0; last -= CHUNK) {
      int count = Math.min(CHUNK, last);
      bits.intervals(last, 1, others, count);
      for (int k = 0; k < count; k++) {
        int here = start + (last - k) * stride;
        int there = start + others[k] * stride;
        double element = x[there];
        x[there] = x[here];
        x[here] = element;
      }
    }
  }

  /** Returns a tensor's slices along an axis in random order. */
  static Tensor permutation(RandomBits bits, Tensor x, int axis) {
    checkAxis("permutation", x, axis);
    int n = x.shape().axis(axis);
    int[] order = permutation(bits, n);
    Tensor result = Tensor.zeros(x.shape());
    int outer = outer(x.shape(), axis);
    int inner = inner(x.shape(), axis);
    for (int block = 0; block < outer; block++) {
      for (int i = 0; i < n; i++) {
        int from = (block * n + order[i]) * inner;
        System.arraycopy(x.unwrap(), from, result.unwrap(), (block * n + i) * inner, inner);
      }
    }
    return result;
  }

  /** Puts a tensor's slices along an axis in random order; without elements, draws nothing. */
  static void shuffle(RandomBits bits, Tensor x, int axis) {
    checkAxis("shuffle", x, axis);
    if (x.size() > 0) {
      System.arraycopy(permutation(bits, x, axis).unwrap(), 0, x.unwrap(), 0, x.size());
    }
  }

  /** Returns a tensor each of whose rows along an axis is in a random order of its own. */
  static Tensor permuted(RandomBits bits, Tensor x, int axis) {
    checkAxis("permuted", x, axis);
    Tensor result = x.copy();
    int n = x.shape().axis(axis);
    int outer = outer(x.shape(), axis);
    int inner = inner(x.shape(), axis);
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j++) {
        shuffle(bits, result.unwrap(), i * n * inner + j, n, inner);
      }
    }
    return result;
  }

  private static void checkAxis(String method, Tensor x, int axis) {
    int rank = x.shape().rank();
    if (rank == 0) {
      throw new IllegalArgumentException(
          method + ": expected at least one axis but got shape " + x.shape());
    }
    if (axis < 0 || axis >= rank) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s: expected an axis of 0 to %d but got %d", method, rank - 1, axis));
    }
  }

  /** How many elements the axes before one have. */
  private static int outer(Shape shape, int axis) {
    int size = 1;
    for (int i = 0; i < axis; i++) {
      size *= shape.axis(i);
    }
    return size;
  }

  /** How many elements the axes after one have. */
  private static int inner(Shape shape, int axis) {
    int size = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      size *= shape.axis(i);
    }
    return size;
  }
}
