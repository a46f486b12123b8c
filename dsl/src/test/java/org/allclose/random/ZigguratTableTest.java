package org.allclose.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.util.FastMath;
import org.junit.jupiter.api.Test;

/** The stored tables are, up to rounding, those that their javadoc defines. */
class ZigguratTableTest {
  private static final double TWO_TO_52 = 0x1p52;

  private static double density(double x) {
    return FastMath.exp(-x * x / 2);
  }

  /** The area of each strip, that of the lowest one with the tail. */
  private static double area() {
    double r = ZigguratTable.TAIL;
    double tail =
        FastMath.sqrt(2 * FastMath.PI) * new NormalDistribution().cumulativeProbability(-r);
    return r * density(r) + tail;
  }

  private static double x(int strip) {
    return ZigguratTable.WIDTHS[strip] * TWO_TO_52;
  }

  @Test
  void strips_haveEqualAreas() {
    assertEquals(ZigguratTable.TAIL, x(255), 1e-15);
    assertEquals(area() / density(ZigguratTable.TAIL), x(0), 1e-12);
    for (int i = 2; i < 256; i++) {
      double upper = ZigguratTable.HEIGHTS[i - 1];
      assertEquals(area(), x(i) * (upper - ZigguratTable.HEIGHTS[i]), 1e-15, "strip " + i);
    }
    assertEquals(area(), x(1) * (1 - ZigguratTable.HEIGHTS[1]), 1e-13);
  }

  @Test
  void heights_areTheDensity() {
    assertEquals(1.0, ZigguratTable.HEIGHTS[0]);
    for (int i = 1; i < 256; i++) {
      assertEquals(density(x(i)), ZigguratTable.HEIGHTS[i], 1e-15, "strip " + i);
    }
  }

  @Test
  void insides_areTheNextWidth() {
    assertEquals(0, ZigguratTable.INSIDE[1]);
    double lowest = ZigguratTable.TAIL / x(0);
    assertEquals(lowest, ZigguratTable.INSIDE[0] / TWO_TO_52, 1e-14);
    for (int i = 2; i < 256; i++) {
      assertEquals(x(i - 1) / x(i), ZigguratTable.INSIDE[i] / TWO_TO_52, 1e-14, "strip " + i);
    }
    assertEquals(1 / ZigguratTable.TAIL, ZigguratTable.INVERSE_TAIL, 1e-16);
  }
}
