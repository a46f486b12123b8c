package org.allclose.jnpy;

/**
 * The two 16-bit floating-point formats, widened.
 *
 * <p>Every value of either is a value of {@code float}, so nothing is rounded.
 */
final class Half {
  private static final int HALF_EXPONENT = 0x7c00;
  private static final int HALF_FRACTION = 0x03ff;

  private Half() {}

  /** Returns the value of IEEE 754 binary16 bits. */
  static float fromFloat16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits & HALF_EXPONENT;
    int fraction = bits & HALF_FRACTION;
    if (exponent == HALF_EXPONENT) {
      return Float.intBitsToFloat(sign | 0x7f80_0000 | (fraction << 13));
    }
    if (exponent == 0) {
      // Zero or subnormal: fraction * 2^-24, exact in float.
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | ((exponent + (112 << 10)) << 13) | (fraction << 13));
  }

  /** Returns the value of bfloat16 bits, the upper half of a float's. */
  static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
