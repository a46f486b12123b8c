package org.allclose.random;

import java.util.Locale;

/**
 * Choices of indexes by probability, as numpy makes them: the index is where a uniform number falls
 * among the cumulative sums.
 *
 * <p>Source: numpy {@code RandomState.choice}, {@code Generator.choice}, alike in both
 * (BSD-3-Clause).
 */
final class Sampling {
  /** How far probabilities may add up to something else than 1: the root of the double epsilon. */
  static final double TOLERANCE = 0x1p-26;

  private Sampling() {}

  static void check(int n, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("choice: expected a count of at least 0 but got " + count);
    }
    if (n <= 0 && count > 0) {
      throw new IllegalArgumentException(
          "choice: expected at least 1 number to choose from but got " + n);
    }
  }

  static void checkWithoutReplacement(int n, int count) {
    check(n, count);
    if (count > n && count > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "choice without replacement: expected a count of at most %d but got %d",
              n,
              count));
    }
  }

  /** Checks that there are enough probabilities above 0 for a choice without replacement. */
  static void checkPossible(int count, double[] p) {
    int possible = 0;
    for (double probability : p) {
      possible += probability > 0 ? 1 : 0;
    }
    if (count > possible) {
      throw new IllegalArgumentException(
          String.format(
                  Locale.ROOT,
                  "choice without replacement: expected a count of at most %d, as many probabilities are",
                  possible)
              + " above 0, but got "
              + count);
    }
  }

  static void check(int n, double[] p) {
    if (p.length != n) {
      throw new IllegalArgumentException(
          "choice: expected " + n + " probabilities but got " + p.length);
    }
    double sum = compensatedSum(p);
    if (Double.isNaN(sum)) {
      throw new IllegalArgumentException("choice: expected probabilities but got NaN among them");
    }
    for (int i = 0; i < n; i++) {
      if (p[i] < 0) {
        throw new IllegalArgumentException(
            "choice: expected probabilities of at least 0 but got " + p[i] + " at index " + i);
      }
    }
    if (Math.abs(sum - 1.0) > TOLERANCE) {
      throw new IllegalArgumentException(
          "choice: expected probabilities that add up to 1 but got " + sum);
    }
  }

  /** Kahan's sum, as numpy forms it for this check alone. */
  private static double compensatedSum(double[] p) {
    double sum = p.length == 0 ? 0.0 : p[0];
    double lost = 0.0;
    for (int i = 1; i < p.length; i++) {
      double summand = p[i] - lost;
      double next = sum + summand;
      lost = next - sum - summand;
      sum = next;
    }
    return sum;
  }

  static int[] withReplacement(RandomBits bits, int count, double[] p) {
    double[] cumulative = cumulative(p);
    int[] chosen = new int[count];
    for (int i = 0; i < count; i++) {
      chosen[i] = search(cumulative, bits.nextDouble());
    }
    return chosen;
  }

  /**
   * Draws as many numbers as are missing, keeps the first of each index, and repeats with what is
   * left, whose probabilities are raised in proportion.
   */
  static int[] withoutReplacement(RandomBits bits, int count, double[] p) {
    double[] left = p.clone();
    int[] chosen = new int[count];
    int found = 0;
    while (found < count) {
      double[] numbers = new double[count - found];
      bits.fill(numbers, 0, numbers.length);
      double[] cumulative = cumulative(left);
      for (double number : numbers) {
        int index = search(cumulative, number);
        if (left[index] > 0) {
          left[index] = 0;
          chosen[found++] = index;
        }
      }
    }
    return chosen;
  }

  private static double[] cumulative(double[] p) {
    double[] sums = p.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    double total = sums.length == 0 ? 1.0 : sums[sums.length - 1];
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= total;
    }
    return sums;
  }

  /** Returns the first index whose sum is above the number. */
  private static int search(double[] cumulative, double number) {
    int from = 0;
    int to = cumulative.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (cumulative[middle] > number) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
