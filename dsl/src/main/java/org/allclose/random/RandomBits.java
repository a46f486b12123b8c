package org.allclose.random;

/**
 * A stream of random bits, and what numpy draws from any such stream in the same way.
 *
 * <p>Source: numpy {@code bitgen_t}, {@code random_interval} (BSD-3-Clause).
 */
abstract class RandomBits {

  /** Returns the next 32 bits: numpy's {@code next_uint32}. */
  abstract int next32();

  /** Returns the next 64 bits: numpy's {@code next_uint64}. */
  abstract long next64();

  /** Returns the next multiple of 2^-53 in [0, 1): numpy's {@code next_double}. */
  abstract double nextDouble();

  /** Fills elements from (inclusive) to (exclusive) with what {@link #nextDouble} gives. */
  abstract void fill(double[] into, int from, int to);

  /** Returns the next multiple of 2^-24 in [0, 1): numpy's {@code next_float}. */
  final float nextFloat() {
    return (next32() >>> 8) * 0x1p-24f;
  }

  /**
   * Returns a number in [0, max]: the first of the stream's words, cut to the bits that max has,
   * that is not above max. If max is 0, nothing is drawn.
   *
   * @param max at least 0
   */
  final int interval(int max) {
    if (max == 0) {
      return 0;
    }
    int mask = mask(max);
    int value;
    do {
      value = next32() & mask;
    } while (value > max);
    return value;
  }

  /**
   * Draws numbers as {@link #interval} does, with a bound that may sink.
   *
   * @param max the bound of the first number, at least 1
   * @param step 0 for the same bound throughout; 1 for bounds max, max - 1, ..., none below 1
   * @param numbers modified: overwritten up to count
   */
  void intervals(int max, int step, int[] numbers, int count) {
    for (int k = 0; k < count; k++) {
      numbers[k] = interval(max - k * step);
    }
  }

  /** Returns the smallest {@code 2^k - 1} that is not below max, which is at least 1. */
  static int mask(int max) {
    return -1 >>> Integer.numberOfLeadingZeros(max);
  }

  /** Returns the smallest {@code 2^k - 1} that is not below max, which is unsigned and not 0. */
  static long mask(long max) {
    return -1L >>> Long.numberOfLeadingZeros(max);
  }
}
