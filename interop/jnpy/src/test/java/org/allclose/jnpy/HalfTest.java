package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Every 16-bit pattern, against the definition of the formats: sign, fraction, power of two. */
class HalfTest {
  @Test
  void fromFloat16_isTheDefinition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = (bits >> 10) & 31;
      int fraction = bits & 1023;
      double magnitude =
          exponent == 31
              ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0
                  ? Math.scalb(fraction, -24)
                  : Math.scalb(1024 + fraction, exponent - 25);
      assertSame(bits, magnitude, Half.fromFloat16((short) bits));
    }
  }

  @Test
  void fromBfloat16_isTheDefinition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = (bits >> 7) & 255;
      int fraction = bits & 127;
      double magnitude =
          exponent == 255
              ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
              : exponent == 0
                  ? Math.scalb((double) fraction, -133)
                  : Math.scalb(128.0 + fraction, exponent - 134);
      assertSame(bits, magnitude, Half.fromBfloat16((short) bits));
    }
  }

  @Test
  void nanPayloads_areKept() {
    assertEquals(0x7f802000, Float.floatToRawIntBits(Half.fromFloat16((short) 0x7c01)));
    assertEquals(0xffffe000, Float.floatToRawIntBits(Half.fromFloat16((short) 0xffff)));
    assertEquals(0xff810000, Float.floatToRawIntBits(Half.fromBfloat16((short) 0xff81)));
  }

  private static void assertSame(int bits, double magnitude, float value) {
    double expected = bits >= 1 << 15 ? -magnitude : magnitude;
    assertEquals(
        Double.doubleToLongBits(expected),
        Double.doubleToLongBits(value),
        () -> Integer.toHexString(bits));
  }
}
