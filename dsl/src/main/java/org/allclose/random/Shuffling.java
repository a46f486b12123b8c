package org.allclose.random;

import java.util.List;

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

  /**
   * Copies the slices of an array along an axis, in another order.
   *
   * @param from shape (outer, n, inner); not modified
   * @param order n indexes of slices
   * @param to shape (outer, n, inner); modified: {@code to[:, i] = from[:, order[i]]}
   */
  static void take(double[] from, int outer, int inner, int[] order, double[] to) {
    int n = order.length;
    for (int block = 0; block < outer; block++) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(from, (block * n + order[i]) * inner, to, (block * n + i) * inner, inner);
      }
    }
  }
}
