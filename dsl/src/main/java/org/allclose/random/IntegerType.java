package org.allclose.random;

import java.util.Locale;

/**
 * numpy's integer dtypes.
 *
 * <p>The type decides not only which numbers fit but how many bits are drawn for each: the same
 * bounds give other numbers in another type.
 */
public enum IntegerType {
  /** {@code np.bool}: 0 and 1. */
  BOOL(1, false),
  /** {@code np.int8}. */
  INT8(8, true),
  /** {@code np.int16}. */
  INT16(16, true),
  /** {@code np.int32}. */
  INT32(32, true),
  /** {@code np.int64}: what numpy takes where no dtype is given. */
  INT64(64, true),
  /** {@code np.uint8}. */
  UINT8(8, false),
  /** {@code np.uint16}. */
  UINT16(16, false),
  /** {@code np.uint32}. */
  UINT32(32, false),
  /** {@code np.uint64}; its numbers above 2^63 - 1 are the bits of negative {@code long}s. */
  UINT64(64, false);

  private final int bits;
  private final boolean signed;

  IntegerType(int bits, boolean signed) {
    this.bits = bits;
    this.signed = signed;
  }

  /** Returns the number of bits of a value. */
  public int bits() {
    return bits;
  }

  /** Returns whether there are negative values. */
  public boolean isSigned() {
    return signed;
  }

  /** Returns the smallest value. */
  public long minValue() {
    return signed ? -1L << (bits - 1) : 0;
  }

  /** Returns the largest value; for {@link #UINT64}, -1. */
  public long maxValue() {
    return signed ? ~minValue() : -1L >>> (64 - bits);
  }

  /**
   * Returns the range from low to the number before high: numpy's bounds without {@code endpoint}.
   *
   * @throws IllegalArgumentException if low is not below high, or the type does not have both ends
   */
  public IntegerRange range(long low, long high) {
    if (compare(low, high) >= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "range of %s: expected low < high but got %s and %s",
              dtype(),
              text(low),
              text(high)));
    }
    return new IntegerRange(this, low, high - 1);
  }

  /**
   * Returns the range from low to high: numpy's bounds with {@code endpoint=True}.
   *
   * @throws IllegalArgumentException if low is above high, or the type does not have both
   */
  public IntegerRange closedRange(long low, long high) {
    return new IntegerRange(this, low, high);
  }

  /** Returns the range of all values. */
  public IntegerRange fullRange() {
    return new IntegerRange(this, minValue(), maxValue());
  }

  /** Returns numpy's name of the type, such as {@code uint8}. */
  public String dtype() {
    return name().toLowerCase(Locale.ROOT);
  }

  int compare(long a, long b) {
    return this == UINT64 ? Long.compareUnsigned(a, b) : Long.compare(a, b);
  }

  String text(long value) {
    return this == UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
  }
}
