package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void limits_thatAreNone_areRefused(double limit) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Match.ulps(limit));
    assertEquals("ulps: expected a finite number of at least 0 but got " + limit, e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> Match.tolerance(0, limit));
    assertEquals("atol: expected a finite number of at least 0 but got " + limit, e.getMessage());
  }

  private static boolean accepts(Match match, double[] expected, double[] actual) {
    Tensor e = Tensor.vector(expected);
    Tensor a = Tensor.vector(actual);
    return match.accepts(e, a, Difference.between(e, a));
  }

  @Test
  void parse_readsWhatCommandLinesSay() {
    assertEquals(Match.EXACT, Match.parse("exact"));
    assertEquals(Match.ulps(4.5), Match.parse("ulps:4.5"));
    assertEquals(Match.tolerance(1e-7, 0), Match.parse("rtol:1e-7,atol:0"));
  }

  @Test
  void parse_ofAnythingElse_isRefused() {
    assertParseRefused("near", "match: expected exact, ulps:K or rtol:R,atol:A but got 'near'");
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
