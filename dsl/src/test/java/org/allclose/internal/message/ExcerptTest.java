package org.allclose.internal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void shortTextsAndLists_areWhole() {
    assertEquals("", Excerpt.of(""));
    assertEquals("a".repeat(200), Excerpt.of("a".repeat(200)));
    assertEquals("[]", Excerpt.of(List.of()));
    List<Integer> forty = IntStream.range(0, 40).boxed().toList();
    assertEquals(forty.toString(), Excerpt.of(forty));
  }

  @Test
  void longOnes_areCut() {
    assertEquals("a".repeat(200) + "… (1 more)", Excerpt.of("a".repeat(201)));
    assertEquals("ab… (9,998 more)", Excerpt.of("ab".repeat(5_000), 2));
    assertEquals("[" + "x, ".repeat(40) + "… (2 more)]", Excerpt.of(Collections.nCopies(42, "x")));
    assertEquals("[" + "y".repeat(200) + "… (7 more)]", Excerpt.of(List.of("y".repeat(207))));
  }

  @Test
  void pairsOfSurrogates_areNotTornApart() {
    assertEquals("a… (3 more)", Excerpt.of("a\ud83d\ude00b", 2));
    assertEquals("a\ud83d\ude00… (1 more)", Excerpt.of("a\ud83d\ude00b", 3));
  }
}
