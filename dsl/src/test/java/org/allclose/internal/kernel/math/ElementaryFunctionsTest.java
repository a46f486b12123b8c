package org.allclose.internal.kernel.math;

import static java.lang.Double.MAX_VALUE;
import static java.lang.Double.MIN_NORMAL;
import static java.lang.Double.MIN_VALUE;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the functions give at special arguments, by C99's annex F (7.12 and F.9), and at the ends of
 * their ranges. Everything else is compared with recorded bits in {@link FunctionDigestsTest}.
 */
class ElementaryFunctionsTest {

  @Test
  void exp_atTheEndsOfItsRange() {
    assertEquals(1.0, ElementaryFunctions.exp(0.0));
    assertEquals(1.0, ElementaryFunctions.exp(-0.0));
    assertEquals(1.0, ElementaryFunctions.exp(MIN_VALUE));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.exp(POSITIVE_INFINITY));
    assertEquals(0.0, ElementaryFunctions.exp(NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.exp(NaN));
    // python3 -c 'import math; print(math.exp(709.782712893384).hex())' and so on
    assertEquals(0x1.fffffffffff2ap1023, ElementaryFunctions.exp(709.782712893384));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.exp(709.7827128933841));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.exp(MAX_VALUE));
    assertEquals(MIN_VALUE, ElementaryFunctions.exp(-745.1332191019411));
    assertEquals(0.0, ElementaryFunctions.exp(-745.1332191019412));
    assertEquals(0.0, ElementaryFunctions.exp(-1024.0));
    assertEquals(0.0, ElementaryFunctions.exp(-MAX_VALUE));
  }

  @Test
  void log_atTheEndsOfItsRange() {
    assertEquals(0.0, ElementaryFunctions.log(1.0));
    assertEquals(NEGATIVE_INFINITY, ElementaryFunctions.log(0.0));
    assertEquals(NEGATIVE_INFINITY, ElementaryFunctions.log(-0.0));
    assertEquals(NaN, ElementaryFunctions.log(-MIN_VALUE));
    assertEquals(NaN, ElementaryFunctions.log(NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.log(NaN));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.log(POSITIVE_INFINITY));
    // python3 -c 'import math; print(math.log(5e-324).hex())' and so on
    assertEquals(-0x1.74385446d71c3p9, ElementaryFunctions.log(MIN_VALUE));
    assertEquals(-0x1.6232bdd7abcd2p9, ElementaryFunctions.log(MIN_NORMAL));
    assertEquals(0x1.62e42fefa39efp9, ElementaryFunctions.log(MAX_VALUE));
  }

  @Test
  void expm1AndLog1p_atTheEndsOfTheirRange() {
    assertEquals(-0.0, ElementaryFunctions.expm1(-0.0));
    assertEquals(MIN_VALUE, ElementaryFunctions.expm1(MIN_VALUE));
    assertEquals(-1.0, ElementaryFunctions.expm1(NEGATIVE_INFINITY));
    assertEquals(-1.0, ElementaryFunctions.expm1(-40.0));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.expm1(POSITIVE_INFINITY));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.expm1(709.7827128933841));
    assertEquals(NaN, ElementaryFunctions.expm1(NaN));
    assertEquals(-0.0, ElementaryFunctions.log1p(-0.0));
    assertEquals(MIN_VALUE, ElementaryFunctions.log1p(MIN_VALUE));
    assertEquals(NEGATIVE_INFINITY, ElementaryFunctions.log1p(-1.0));
    assertEquals(NaN, ElementaryFunctions.log1p(-1.0000000000000002));
    assertEquals(NaN, ElementaryFunctions.log1p(NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.log1p(NaN));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.log1p(POSITIVE_INFINITY));
  }

  @Test
  void tanhAndErf_atTheEndsOfTheirRange() {
    assertEquals(-0.0, ElementaryFunctions.tanh(-0.0));
    assertEquals(-MIN_VALUE, ElementaryFunctions.tanh(-MIN_VALUE));
    assertEquals(1.0, ElementaryFunctions.tanh(22.0));
    assertEquals(-1.0, ElementaryFunctions.tanh(NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.tanh(NaN));
    assertEquals(-0.0, ElementaryFunctions.erf(-0.0));
    assertEquals(1.0, ElementaryFunctions.erf(6.0));
    assertEquals(-1.0, ElementaryFunctions.erf(NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.erf(NaN));
  }

  /**
   * Expected values: Python's math.sin and math.cos; the last argument is the next to a multiple of
   * pi.
   */
  @Test
  void sinAndCos_atTheEndsOfTheirRange() {
    assertEquals(-0.0, ElementaryFunctions.sin(-0.0));
    assertEquals(-MIN_VALUE, ElementaryFunctions.sin(-MIN_VALUE));
    assertEquals(1.0, ElementaryFunctions.cos(-0.0));
    assertEquals(0x1.1a62633145c07p-53, ElementaryFunctions.sin(Math.PI));
    assertEquals(-1.0, ElementaryFunctions.cos(Math.PI));
    assertEquals(0.004961954789184062, ElementaryFunctions.sin(MAX_VALUE));
    assertEquals(-0.9999876894265599, ElementaryFunctions.cos(MAX_VALUE));
    assertEquals(-0.8522008497671888, ElementaryFunctions.sin(1e22));
    double near = 0x1.6ac5b262ca1ffp849;
    assertEquals(1.0, ElementaryFunctions.sin(near));
    assertEquals(-4.68716592425462e-19, ElementaryFunctions.cos(near));
    assertEquals(NaN, ElementaryFunctions.sin(POSITIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.cos(NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.cos(NaN));
  }

  @Test
  void pow_ofSpecialArguments_followsAnnexF() {
    for (double y : new double[] {0.5, 3.0, 1e300, POSITIVE_INFINITY, NaN, -2.5}) {
      assertEquals(1.0, ElementaryFunctions.pow(1.0, y));
      assertEquals(1.0, ElementaryFunctions.pow(y, 0.0));
      assertEquals(1.0, ElementaryFunctions.pow(y, -0.0));
    }
    assertEquals(NEGATIVE_INFINITY, ElementaryFunctions.pow(-0.0, -3.0));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.pow(-0.0, -2.0));
    assertEquals(-0.0, ElementaryFunctions.pow(-0.0, 3.0));
    assertEquals(0.0, ElementaryFunctions.pow(-0.0, 3.5));
    assertEquals(1.0, ElementaryFunctions.pow(-1.0, POSITIVE_INFINITY));
    assertEquals(1.0, ElementaryFunctions.pow(-1.0, NEGATIVE_INFINITY));
    assertEquals(NaN, ElementaryFunctions.pow(-2.0, 0.5));
    assertEquals(-8.0, ElementaryFunctions.pow(-2.0, 3.0));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.pow(0.5, NEGATIVE_INFINITY));
    assertEquals(0.0, ElementaryFunctions.pow(0.5, POSITIVE_INFINITY));
    assertEquals(0.0, ElementaryFunctions.pow(2.0, NEGATIVE_INFINITY));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.pow(2.0, POSITIVE_INFINITY));
    assertEquals(-0.0, ElementaryFunctions.pow(NEGATIVE_INFINITY, -3.0));
    assertEquals(NEGATIVE_INFINITY, ElementaryFunctions.pow(NEGATIVE_INFINITY, 3.0));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.pow(NEGATIVE_INFINITY, 2.5));
    assertEquals(0.0, ElementaryFunctions.pow(POSITIVE_INFINITY, -1.0));
    assertEquals(NaN, ElementaryFunctions.pow(NaN, 1.0));
    assertEquals(NaN, ElementaryFunctions.pow(2.0, NaN));
    assertEquals(-0.0, ElementaryFunctions.pow(-MIN_VALUE, 3.0));
    assertEquals(NEGATIVE_INFINITY, ElementaryFunctions.pow(-MAX_VALUE, 3.0));
  }

  /** A signaling NaN is not taken for "any" argument: glibc follows TS 18661 here. */
  @Test
  void pow_ofSignalingNaN_isNaN() {
    double signaling = Double.longBitsToDouble(0x7ff0000000000001L);
    assertEquals(NaN, ElementaryFunctions.pow(signaling, 0.0));
    assertEquals(NaN, ElementaryFunctions.pow(1.0, signaling));
  }

  /**
   * {@code np.array([-0.0, -np.inf]) ** 0.5} is {@code [-0., nan]}, where C's pow gives 0 and inf.
   */
  @Test
  void power_ofOneHalf_isTheSquareRoot() {
    double[] x = {-0.0, NEGATIVE_INFINITY, 2.0};
    ElementaryFunctions.power(x, 0, 0.5, x, 0, 3);
    assertArrayEquals(new double[] {-0.0, NaN, 0x1.6a09e667f3bcdp0}, x);
    assertEquals(0.0, ElementaryFunctions.pow(-0.0, 0.5));
    assertEquals(POSITIVE_INFINITY, ElementaryFunctions.pow(NEGATIVE_INFINITY, 0.5));
  }

  @Test
  void arrayForms_touchNothingElse() {
    double[] x = {9, 1, 2, 9};
    double[] y = {7, 7, 7, 7, 7};
    ElementaryFunctions.expm1(x, 1, y, 2, 2);
    assertArrayEquals(
        new double[] {7, 7, ElementaryFunctions.expm1(1), ElementaryFunctions.expm1(2), 7}, y);
    ElementaryFunctions.log1p(x, 1, y, 0, 2);
    assertEquals(ElementaryFunctions.log1p(2), y[1]);
    assertEquals(ElementaryFunctions.expm1(1), y[2]);
    ElementaryFunctions.erf(x, 2, y, 4, 1);
    assertEquals(ElementaryFunctions.erf(2), y[4]);
    assertEquals(ElementaryFunctions.expm1(2), y[3]);
    ElementaryFunctions.sin(x, 1, y, 2, 1);
    assertEquals(ElementaryFunctions.sin(1), y[2]);
    ElementaryFunctions.cos(x, 1, y, 3, 1);
    assertEquals(ElementaryFunctions.cos(1), y[3]);
    assertEquals(ElementaryFunctions.erf(2), y[4]);
    ElementaryFunctions.power(x, 1, 3.0, y, 0, 1);
    assertEquals(1.0, y[0]);
    assertEquals(ElementaryFunctions.log1p(2), y[1]);
    assertArrayEquals(new double[] {9, 1, 2, 9}, x);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16384, 16385, 49153, 100_001})
  void arrayForms_onSeveralThreads_giveTheSameBits(int n) {
    double[] x = Streams.values("uniform:0.1:20", n, n + 1);
    for (int threads : new int[] {1, 2, 3}) {
      Parallel parallel = Parallel.of(threads);
      double[] expected = new double[n + 3];
      double[] y = new double[n + 3];
      ElementaryFunctions.exp(x, 1, expected, 2, n);
      ElementaryFunctions.exp(x, 1, y, 2, n, parallel);
      assertArrayEquals(expected, y);
      ElementaryFunctions.log(x, 1, expected, 2, n);
      ElementaryFunctions.log(x, 1, y, 2, n, parallel);
      assertArrayEquals(expected, y);
      ElementaryFunctions.tanh(x, 1, expected, 2, n);
      ElementaryFunctions.tanh(x, 1, y, 2, n, parallel);
      assertArrayEquals(expected, y);
    }
  }
}
