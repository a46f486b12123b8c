package org.allclose.jnpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void defaults_areNumpysAndTheHeap() {
    assertEquals(
        new Limits(
            10_000, Runtime.getRuntime().maxMemory(), 64, 100_000, 16_777_216, 17_179_869_184L),
        Limits.defaults());
    assertEquals(
        new ReadOptions(Limits.defaults(), false, Optional.empty()), ReadOptions.defaults());
  }

  @Test
  void with_changesOne() {
    Limits limits = new Limits(1, 2, 3, 4, 5, 6);
    assertEquals(new Limits(9, 2, 3, 4, 5, 6), limits.withHeaderCharacters(9));
    assertEquals(new Limits(1, 9, 3, 4, 5, 6), limits.withArrayBytes(9));
    assertEquals(new Limits(1, 2, 9, 4, 5, 6), limits.withAxes(9));
    assertEquals(new Limits(1, 2, 3, 9, 5, 6), limits.withEntries(9));
    assertEquals(new Limits(1, 2, 3, 4, 9, 6), limits.withDirectoryBytes(9));
    assertEquals(new Limits(1, 2, 3, 4, 5, 9), limits.withExpandedBytes(9));
    assertEquals(limits, ReadOptions.defaults().withLimits(limits).limits());
    assertTrue(ReadOptions.defaults().withVoidAsBfloat16(true).voidAsBfloat16());
    assertFalse(ReadOptions.defaults().withLimits(limits).voidAsBfloat16());
  }

  @Test
  void negativeLimits_areRefused() {
    assertRefused("header characters", () -> new Limits(-1, 0, 0, 0, 0, 6));
    assertRefused("array bytes", () -> new Limits(0, -1, 0, 0, 0, 6));
    assertRefused("axes", () -> new Limits(0, 0, -1, 0, 0, 6));
    assertRefused("entries", () -> new Limits(0, 0, 0, -1, 0, 6));
    assertRefused("directory bytes", () -> new Limits(0, 0, 0, 0, -1, 0));
    assertRefused("expanded bytes", () -> new Limits(0, 0, 0, 0, 0, -1));
    assertEquals(0, new Limits(0, 0, 0, 0, 0, 0).axes());
  }

  private static void assertRefused(String what, org.junit.jupiter.api.function.Executable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
    assertEquals("limit of " + what + ": expected at least 0 but got -1", e.getMessage());
  }

  @Test
  void options_needLimits() {
    NullPointerException e =
        assertThrows(NullPointerException.class, () -> ReadOptions.defaults().withLimits(null));
    assertEquals("limits", e.getMessage());
  }
}
