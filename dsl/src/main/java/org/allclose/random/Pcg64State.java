package org.allclose.random;

import java.math.BigInteger;

/**
 * The state of a {@link NumpyGenerator}: what {@code rng.bit_generator.state} returns.
 *
 * @param state the congruential generator's 128 bits, not negative
 * @param increment its increment, 128 bits, odd
 * @param hasHalf whether half of a step waits for the next call for 32 bits: {@code has_uint32}
 * @param half that half, or what was left of an earlier one: {@code uinteger}
 */
public record Pcg64State(BigInteger state, BigInteger increment, boolean hasHalf, long half) {

  /** What numpy calls the algorithm. */
  public static final String ALGORITHM = "PCG64";

  /**
   * @throws IllegalArgumentException if state or increment do not have 128 bits, the increment is
   *     even, or the half does not have 32 bits
   */
  public Pcg64State {
    check128("a state", state);
    check128("an increment", increment);
    if (!increment.testBit(0)) {
      throw new IllegalArgumentException(
          "random state: expected an odd increment but got " + increment);
    }
    if (half < 0 || half > 0xffffffffL) {
      throw new IllegalArgumentException(
          "random state: expected a half of 0 to 2^32 - 1 but got " + half);
    }
  }

  private static void check128(String name, BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 128) {
      throw new IllegalArgumentException(
          "random state: expected " + name + " of 0 to 2^128 - 1 but got " + value);
    }
  }

  static BigInteger toBigInteger(long high, long low) {
    return unsigned(high).shiftLeft(64).or(unsigned(low));
  }

  private static BigInteger unsigned(long bits) {
    BigInteger lower = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? lower.setBit(63) : lower;
  }
}
