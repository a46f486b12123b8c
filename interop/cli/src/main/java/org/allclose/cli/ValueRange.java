package org.allclose.cli;

import java.math.BigInteger;
import java.util.Optional;
import org.allclose.jnpy.ElementType;
import org.allclose.jnpy.NpyArray;

/**
 * The smallest and the largest of some numbers, and how many elements are none.
 *
 * <p>Floating-point numbers are {@link Double} here, whatever their width; integers are {@link
 * Long}, those of uint64 {@link BigInteger}, and truth values the Long 0 or 1.
 *
 * @param minimum the smallest number, empty if there is none
 * @param maximum the largest number, empty if there is none
 * @param nans the elements that are NaN
 */
record ValueRange(Optional<Number> minimum, Optional<Number> maximum, long nans) {
  private static final int CHUNK = 1 << 13;

  /**
   * Returns the range of an array's elements; few of them are in memory at a time.
   *
   * @throws IllegalStateException if the elements are strings or complex numbers
   */
  static ValueRange of(NpyArray array) {
    // The order makes no difference to the result: the one of the storage is the fastest.
    NpyArray elements = array.inStoredOrder();
    if (array.dtype().type().isFloating()) {
      return ofFloating(elements);
    }
    return array.dtype().type() == ElementType.UINT64 ? ofUnsigned(elements) : ofIntegers(elements);
  }

  /** Returns the range of these numbers and others of the same type together. */
  ValueRange and(ValueRange other) {
    if (minimum.isEmpty()) {
      return new ValueRange(other.minimum, other.maximum, nans + other.nans);
    }
    if (other.minimum.isEmpty()) {
      return new ValueRange(minimum, maximum, nans + other.nans);
    }
    return new ValueRange(
        Optional.of(
            order(minimum.get(), other.minimum.get()) <= 0 ? minimum.get() : other.minimum.get()),
        Optional.of(
            order(maximum.get(), other.maximum.get()) >= 0 ? maximum.get() : other.maximum.get()),
        nans + other.nans);
  }

  private static int order(Number a, Number b) {
    if (a instanceof Double x && b instanceof Double y) {
      return Double.compare(x, y);
    }
    return a instanceof BigInteger x && b instanceof BigInteger y
        ? x.compareTo(y)
        : Long.compare(a.longValue(), b.longValue());
  }

  private static ValueRange ofFloating(NpyArray array) {
    double[] chunk = new double[CHUNK];
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    long nans = 0;
    for (long done = 0; done < array.size(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, array.size() - done);
      array.getDoubles(done, chunk, 0, count);
      for (int i = 0; i < count; i++) {
        double value = chunk[i];
        if (value > least && value < greatest) {
          // Nearly always: what follows takes several times as long.
          continue;
        }
        if (Double.isNaN(value)) {
          nans++;
        } else {
          least = Math.min(least, value);
          greatest = Math.max(greatest, value);
        }
      }
    }
    return range(least, greatest, array.size() - nans, nans);
  }

  private static ValueRange ofIntegers(NpyArray array) {
    long[] chunk = new long[CHUNK];
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (long done = 0; done < array.size(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, array.size() - done);
      array.getLongs(done, chunk, 0, count);
      for (int i = 0; i < count; i++) {
        least = Math.min(least, chunk[i]);
        greatest = Math.max(greatest, chunk[i]);
      }
    }
    return range(least, greatest, array.size(), 0);
  }

  private static ValueRange ofUnsigned(NpyArray array) {
    long[] chunk = new long[CHUNK];
    // Adding 2^63 turns the unsigned order into the signed one.
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (long done = 0; done < array.size(); done += CHUNK) {
      int count = (int) Math.min(CHUNK, array.size() - done);
      array.getUnsignedLongs(done, chunk, 0, count);
      for (int i = 0; i < count; i++) {
        least = Math.min(least, chunk[i] + Long.MIN_VALUE);
        greatest = Math.max(greatest, chunk[i] + Long.MIN_VALUE);
      }
    }
    return range(unsigned(least), unsigned(greatest), array.size(), 0);
  }

  private static BigInteger unsigned(long shifted) {
    return new BigInteger(Long.toUnsignedString(shifted + Long.MIN_VALUE));
  }

  private static ValueRange range(Number least, Number greatest, long numbers, long nans) {
    return numbers == 0
        ? new ValueRange(Optional.empty(), Optional.empty(), nans)
        : new ValueRange(Optional.of(least), Optional.of(greatest), nans);
  }
}
