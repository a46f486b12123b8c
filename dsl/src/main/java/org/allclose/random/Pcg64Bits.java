package org.allclose.random;

import java.math.BigInteger;

/**
 * PCG XSL-RR 128/64: a linear congruential generator of 128 bits, of whose state each step gives
 * 64.
 *
 * <p>A word of 32 bits is the lower half of a step; the upper half waits for the next call for one.
 *
 * <p>Source: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation", HMC-CS-2014-0905; numpy {@code pcg64.h} (MIT).
 */
final class Pcg64Bits extends RandomBits {
  private static final long MULTIPLIER_HIGH = 0x2360ed051fc65da4L;
  private static final long MULTIPLIER_LOW = 0x4385df649fccf645L;
  private static final BigInteger MULTIPLIER =
      Pcg64State.toBigInteger(MULTIPLIER_HIGH, MULTIPLIER_LOW);
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

  private long high;
  private long low;
  private long incrementHigh;
  private long incrementLow;
  private boolean hasHalf;
  private int half;

  /** Seeds with 128 bits of state and 128 bits that choose the sequence, upper halves first. */
  void seed(long[] seeds) {
    incrementHigh = seeds[2] << 1 | seeds[3] >>> 63;
    incrementLow = seeds[3] << 1 | 1;
    high = 0;
    low = 0;
    step();
    long sum = low + seeds[1];
    high += seeds[0] + carry(low, seeds[1], sum);
    low = sum;
    step();
    hasHalf = false;
    half = 0;
  }

  Pcg64State state() {
    return new Pcg64State(
        Pcg64State.toBigInteger(high, low),
        Pcg64State.toBigInteger(incrementHigh, incrementLow),
        hasHalf,
        half & 0xffffffffL);
  }

  void set(Pcg64State state) {
    high = state.state().shiftRight(64).longValue();
    low = state.state().longValue();
    incrementHigh = state.increment().shiftRight(64).longValue();
    incrementLow = state.increment().longValue();
    hasHalf = state.hasHalf();
    half = (int) state.half();
  }

  /**
   * Goes forward by any number of steps, back if it is negative, in time logarithmic in it; a
   * waiting half is dropped.
   *
   * <p>n steps are {@code x -> a^n x + c (a^n - 1) / (a - 1)}, made of steps doubled.
   */
  void advance(BigInteger steps) {
    BigInteger multiplier = MULTIPLIER;
    BigInteger increment = Pcg64State.toBigInteger(incrementHigh, incrementLow);
    BigInteger allMultiplier = BigInteger.ONE;
    BigInteger allIncrement = BigInteger.ZERO;
    BigInteger left = steps.mod(MODULUS);
    for (int bit = 0; bit < left.bitLength(); bit++) {
      if (left.testBit(bit)) {
        allMultiplier = allMultiplier.multiply(multiplier).mod(MODULUS);
        allIncrement = allIncrement.multiply(multiplier).add(increment).mod(MODULUS);
      }
      increment = multiplier.add(BigInteger.ONE).multiply(increment).mod(MODULUS);
      multiplier = multiplier.multiply(multiplier).mod(MODULUS);
    }
    BigInteger state = Pcg64State.toBigInteger(high, low);
    state = state.multiply(allMultiplier).add(allIncrement);
    high = state.shiftRight(64).longValue();
    low = state.longValue();
    hasHalf = false;
    half = 0;
  }

  @Override
  int next32() {
    if (hasHalf) {
      hasHalf = false;
      return half;
    }
    long next = next64();
    hasHalf = true;
    half = (int) (next >>> 32);
    return (int) next;
  }

  @Override
  long next64() {
    step();
    return output(high, low);
  }

  @Override
  double nextDouble() {
    return (next64() >>> 11) * 0x1p-53;
  }

  @Override
  void fill(double[] into, int from, int to) {
    // The state lives in registers here, and the upper half waits for one product and one sum only.
    long h = high;
    long l = low;
    long ch = incrementHigh;
    long cl = incrementLow;
    for (int i = from; i < to; i++) {
      long product = l * MULTIPLIER_LOW;
      long sum = product + cl;
      h =
          h * MULTIPLIER_LOW
              + (l * MULTIPLIER_HIGH + multiplyHigh(l) + ch + carry(product, cl, sum));
      l = sum;
      into[i] = (output(h, l) >>> 11) * 0x1p-53;
    }
    high = h;
    low = l;
  }

  private void step() {
    long product = low * MULTIPLIER_LOW;
    long sum = product + incrementLow;
    long carried = carry(product, incrementLow, sum);
    high =
        high * MULTIPLIER_LOW
            + (low * MULTIPLIER_HIGH + multiplyHigh(low) + incrementHigh + carried);
    low = sum;
  }

  /** Upper half of the unsigned product with the multiplier's lower half, which is below 2^63. */
  private static long multiplyHigh(long value) {
    return Math.multiplyHigh(value, MULTIPLIER_LOW) + (value >> 63 & MULTIPLIER_LOW);
  }

  /** 1 if the unsigned sum of a and b is 2^64 or more, else 0. */
  private static long carry(long a, long b, long sum) {
    return ((a & b) | ((a | b) & ~sum)) >>> 63;
  }

  private static long output(long high, long low) {
    return Long.rotateRight(high ^ low, (int) (high >>> 58));
  }
}
