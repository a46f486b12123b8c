package org.allclose.random;

import java.util.Arrays;

/**
 * Random subsets of the numbers 0 ... n - 1, in random order.
 *
 * <p>Source: numpy {@code Generator.choice} (BSD-3-Clause); J. Bentley, R. Floyd, "Programming
 * Pearls: A Sample of Brilliance", CACM 30 (1987).
 */
final class Subsets {
  private static final int FREE = -1;

  private Subsets() {}

  /** Shuffles all numbers from the end until the count is reached, and returns the end. */
  static int[] tail(RandomBits bits, int n, int count) {
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = i;
    }
    shuffle(bits, numbers, Math.max(n - count, 1));
    return Arrays.copyOfRange(numbers, n - count, n);
  }

  /**
   * Floyd's algorithm: for {@code j = n - count, ..., n - 1} a number of [0, j], or j if the number
   * is there already.
   */
  static int[] floyd(RandomBits bits, int n, int count, boolean shuffled) {
    int[] chosen = new int[count];
    int mask = RandomBits.mask((int) (1.2 * count) | 1);
    int[] table = new int[mask + 1];
    Arrays.fill(table, FREE);
    for (int i = 0; i < count; i++) {
      int last = n - count + i;
      int number = (int) BoundedIntegers.lemire(bits, last);
      chosen[i] = add(table, mask, number) ? number : last;
      if (chosen[i] == last) {
        add(table, mask, last);
      }
    }
    if (shuffled) {
      shuffle(bits, chosen, 1);
    }
    return chosen;
  }

  /** Adds a number to a hash table with free places; returns whether it was not there. */
  private static boolean add(int[] table, int mask, int number) {
    int place = number & mask;
    while (table[place] != FREE && table[place] != number) {
      place = (place + 1) & mask;
    }
    boolean isNew = table[place] == FREE;
    table[place] = number;
    return isNew;
  }

  /** Unlike {@link Shuffling}, numpy draws by Lemire's rule here. */
  private static void shuffle(RandomBits bits, int[] x, int first) {
    for (int i = x.length - 1; i >= first; i--) {
      int j = (int) BoundedIntegers.lemire(bits, i);
      int element = x[j];
      x[j] = x[i];
      x[i] = element;
    }
  }
}
