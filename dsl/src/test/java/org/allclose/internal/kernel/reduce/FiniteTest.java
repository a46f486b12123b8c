package org.allclose.internal.kernel.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FiniteTest {
  private static final double[] NOT_FINITE = {
    Double.NaN,
    Double.longBitsToDouble(0xfff0000000000001L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @Test
  void all_ofFiniteNumbers_isTrue() {
    double[] x = {0.0, -0.0, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, -1.0};
    for (int n = 0; n <= x.length; n++) {
      assertTrue(Finite.all(x, n));
    }
    assertEquals(0, Finite.first(x));
    assertEquals(0, Finite.first(new double[0]));
  }

  @Test
  void all_ofOneThatIsNot_isFalseFromThereOn() {
    for (double value : NOT_FINITE) {
      for (int place = 0; place < 6; place++) {
        double[] x = {0.0, -0.0, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, -1.0};
        x[place] = value;
        assertTrue(Finite.all(x, place));
        assertFalse(Finite.all(x, place + 1));
        assertFalse(Finite.all(x, 6));
        assertEquals(value, Finite.first(x));
      }
    }
  }

  @Test
  void first_ofSeveral_isTheFirst() {
    double[] x = {1.0, Double.NEGATIVE_INFINITY, Double.NaN};
    assertEquals(Double.NEGATIVE_INFINITY, Finite.first(x));
  }
}
