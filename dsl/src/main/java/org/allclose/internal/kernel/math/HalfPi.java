package org.allclose.internal.kernel.math;

import java.math.BigInteger;

/** Multiples of pi/2 taken off huge numbers, exactly; allocates, as the others do not. */
final class HalfPi {
  private HalfPi() {}

  /** Bits behind the point of {@link #HALF_PI}: those of the largest double and 170 more. */
  private static final int BITS = 1199;

  /** Bits of a remainder that are too low to matter. */
  private static final int DROPPED = 300;

  private static final BigInteger HALF_PI =
      new BigInteger(
          "c90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
              + "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b"
              + "0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05"
              + "98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f3562085",
          16);

  /**
   * {@code quarters * pi/2 + high + low}.
   *
   * @param quarters their last bits
   */
  record Remainder(int quarters, double high, double low) {}

  /** Returns x as a multiple of pi/2 and a remainder of at most pi/4 on either side. */
  static Remainder remainder(double x) {
    int exponent = Math.getExponent(x);
    BigInteger mantissa = BigInteger.valueOf((long) Math.scalb(x, 52 - exponent));
    BigInteger[] parts =
        mantissa
            .shiftLeft(exponent - 52 + BITS)
            .add(HALF_PI.shiftRight(1))
            .divideAndRemainder(HALF_PI);
    BigInteger quotient = parts[0];
    BigInteger rest = parts[1].subtract(HALF_PI.shiftRight(1));
    if (parts[1].signum() < 0) {
      quotient = quotient.subtract(BigInteger.ONE);
      rest = rest.add(HALF_PI);
    }
    rest = rest.shiftRight(DROPPED);
    double high = rest.doubleValue();
    double low = rest.subtract(exact(high)).doubleValue();
    return new Remainder(
        quotient.intValue(), Math.scalb(high, DROPPED - BITS), Math.scalb(low, DROPPED - BITS));
  }

  private static BigInteger exact(double whole) {
    int exponent = Math.getExponent(whole);
    return BigInteger.valueOf((long) Math.scalb(whole, 52 - exponent)).shiftLeft(exponent - 52);
  }
}
