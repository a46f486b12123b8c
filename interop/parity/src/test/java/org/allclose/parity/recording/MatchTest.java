package org.allclose.parity.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  @Test
  void exact_wantsTheSameBits() {
    assertTrue(accepts(Match.EXACT, new double[] {1, NAN, -0.0}, new double[] {1, NAN, -0.0}));
    assertFalse(accepts(Match.EXACT, new double[] {0.0}, new double[] {-0.0}));
    assertFalse(accepts(Match.EXACT, new double[] {1}, new double[] {Math.nextUp(1)}));
    assertFalse(accepts(Match.EXACT, new double[] {NAN}, new double[] {1}));
  }

  @Test
  void ulps_areThoseOfTheLargestExpectedValue() {
    double[] expected = {1024, 1e-9};
    assertTrue(accepts(Match.ulps(2), expected, new double[] {1024, 1e-9 + 2 * Math.ulp(1024.0)}));
    assertFalse(accepts(Match.ulps(2), expected, new double[] {1024 + 3 * Math.ulp(1024.0), 1e-9}));
    assertTrue(accepts(Match.ulps(0), new double[] {0.0}, new double[] {-0.0}));
    assertFalse(accepts(Match.ulps(1e9), new double[] {NAN, 1}, new double[] {2, 1}));
    assertFalse(accepts(Match.ulps(1e9), new double[] {1, 1}, new double[] {INFINITY, 1}));
    assertTrue(accepts(Match.ulps(0), new double[] {INFINITY}, new double[] {INFINITY}));
  }

  /** The rows of numpy.testing.assert_allclose, tried in numpy 2.4.6 with the same arguments. */
  @Test
  void tolerance_isThatOfAssertAllclose() {
    Match match = Match.tolerance(0.1, 0.5);
    assertTrue(accepts(match, new double[] {10}, new double[] {11.5}));
    assertFalse(accepts(match, new double[] {10}, new double[] {11.51}));
    assertTrue(accepts(match, new double[] {-10}, new double[] {-8.5}));
    assertTrue(accepts(match, new double[] {NAN, INFINITY}, new double[] {NAN, INFINITY}));
    assertFalse(accepts(match, new double[] {INFINITY}, new double[] {-INFINITY}));
    assertFalse(accepts(match, new double[] {INFINITY}, new double[] {1}));
    assertFalse(accepts(match, new double[] {1}, new double[] {INFINITY}));
    assertFalse(accepts(match, new double[] {NAN}, new double[] {1}));
    assertFalse(accepts(match, new double[] {1}, new double[] {NAN}));
  }

  @Test
  void equalZeros_isExactButForTheirSigns() {
    assertTrue(
        accepts(Match.EQUAL_ZEROS, new double[] {0.0, -0.0, NAN}, new double[] {-0.0, 0, NAN}));
    assertFalse(
        accepts(Match.EQUAL_ZEROS, new double[] {0.0, 1}, new double[] {-0.0, Math.nextUp(1)}));
    assertFalse(accepts(Match.EQUAL_ZEROS, new double[] {0.0}, new double[] {Double.MIN_VALUE}));
  }

  /** Units are 2^-53 for float64 and 2^-24 for float32, of what each element was summed from. */
  @Test
  void rounding_isThatOfTheTermsOfEachElement() {
    double[] noise = {1, 1e6};
    double unit = 0x1p-53;
    double[] expected = {0, 1};
    Match four = Match.rounding(4);
    assertTrue(within(four, expected, new double[] {4 * unit, 1 - 4e6 * unit}, noise));
    assertFalse(within(four, expected, new double[] {4.01 * unit, 1}, noise));
    assertFalse(within(four, expected, new double[] {0, 1 + 4.01e6 * unit}, noise));
    assertTrue(within(Match.rounding(0), new double[] {0.0}, new double[] {-0.0}, new double[1]));
    assertFalse(within(Match.rounding(1e9), new double[] {0}, new double[] {1}, new double[1]));
    assertFalse(within(four, new double[] {1}, new double[] {NAN}, new double[] {1}));
    assertFalse(within(four, new double[] {INFINITY}, new double[] {1}, new double[] {1}));
    assertFalse(within(four, new double[] {INFINITY}, new double[] {1}, new double[] {INFINITY}));
    assertTrue(within(four, new double[] {INFINITY, NAN}, new double[] {INFINITY, NAN}, noise));
  }

  @Test
  void rounding_ofNumbersBelowTheSmallestNormal_isAbsolute() {
    double[] flushed = {0};
    assertTrue(within(Match.rounding(1), flushed, new double[] {Double.MIN_NORMAL}, new double[1]));
    assertFalse(
        within(Match.rounding(1), flushed, new double[] {2 * Double.MIN_NORMAL}, new double[1]));
  }

  @Test
  void rounding_withoutKnownTerms_acceptsNothing() {
    assertFalse(accepts(Match.rounding(1e9), new double[] {1}, new double[] {1}));
  }

  private static boolean within(Match match, double[] expected, double[] actual, double[] noise) {
    Tensor e = Tensor.vector(expected);
    Tensor a = Tensor.vector(actual);
    Optional<Tensor> known = Optional.of(Tensor.vector(noise));
    return match.accepts(e, a, Difference.between(e, a, FloatFormat.FLOAT64, known));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void limits_thatAreNone_areRefused(double limit) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Match.ulps(limit));
    assertEquals("ulps: expected a finite number of at least 0 but got " + limit, e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> Match.tolerance(0, limit));
    assertEquals("atol: expected a finite number of at least 0 but got " + limit, e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> Match.rounding(limit));
    assertEquals(
        "rounding: expected a finite number of at least 0 but got " + limit, e.getMessage());
  }

  private static boolean accepts(Match match, double[] expected, double[] actual) {
    Tensor e = Tensor.vector(expected);
    Tensor a = Tensor.vector(actual);
    return match.accepts(e, a, Difference.between(e, a));
  }

  @Test
  void parse_readsWhatCommandLinesSay() {
    assertEquals(Match.EXACT, Match.parse("exact"));
    assertEquals(Match.EQUAL_ZEROS, Match.parse("zeros:equal"));
    assertEquals(Match.ulps(4.5), Match.parse("ulps:4.5"));
    assertEquals(Match.rounding(16), Match.parse("rounding:16"));
    assertEquals(Match.tolerance(1e-7, 0), Match.parse("rtol:1e-7,atol:0"));
  }

  @Test
  void parse_ofAnythingElse_isRefused() {
    assertParseRefused(
        "near",
        "match: expected exact, zeros:equal, ulps:K, rounding:K or rtol:R,atol:A but got 'near'");
    assertParseRefused(
        "ulps:few", "match 'ulps:few': expected a number but got For input string: \"few\"");
    assertParseRefused("ulps:-1", "ulps: expected a finite number of at least 0 but got -1.0");
  }

  private static void assertParseRefused(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Match.parse(text)).getMessage());
  }
}
