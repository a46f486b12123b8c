package org.allclose.random;

import java.util.Locale;
import java.util.Objects;

/**
 * The integers from first to last, both included, as values of a type.
 *
 * @param type the dtype of drawn numbers
 * @param first the smallest
 * @param last the largest
 */
public record IntegerRange(IntegerType type, long first, long last) {

  /**
   * @throws IllegalArgumentException if the type does not have both ends, or first is above last
   */
  public IntegerRange {
    Objects.requireNonNull(type);
    if (type.compare(first, type.minValue()) < 0 || type.compare(first, type.maxValue()) > 0) {
      throw outside(type, "low", first);
    }
    if (type.compare(last, type.minValue()) < 0 || type.compare(last, type.maxValue()) > 0) {
      throw outside(type, "last value", last);
    }
    if (type.compare(first, last) > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "range of %s: expected low <= high but got %s and %s",
              type.dtype(),
              type.text(first),
              type.text(last)));
    }
  }

  private static IllegalArgumentException outside(IntegerType type, String what, long value) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "range of %s: expected a %s of %s to %s but got %s",
            type.dtype(),
            what,
            type.text(type.minValue()),
            type.text(type.maxValue()),
            type.text(value)));
  }

  /**
   * Returns the range of int64 from low to the number before high, numpy's default type.
   *
   * @throws IllegalArgumentException if low is not below high
   */
  public static IntegerRange of(long low, long high) {
    return IntegerType.INT64.range(low, high);
  }

  /** Returns how many numbers there are besides the first, unsigned. */
  long width() {
    return last - first;
  }
}
