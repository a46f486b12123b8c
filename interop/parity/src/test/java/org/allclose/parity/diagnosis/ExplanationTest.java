package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Tensor EXPECTED = Tensor.vector(0.1, -0.2, 0.7, 1.3, 2.9);
  private static final Tensor ACTUAL = Tensor.vector(0.2, -0.2, 0.7, 1.3, 2.9);

  @Test
  void nearestOfThoseThatExplain_isTaken() {
    assertEquals(
        Optional.of("nearest"),
        best(off("far", 1e-2), off("near", 1e-12), off("nearest", 3e-13), off("also", 1e-12)));
  }

  @Test
  void firstOfThoseAsNear_isTaken() {
    assertEquals(Optional.of("first"), best(off("first", 1e-15), off("second", 0)));
  }

  @Test
  void candidatesBehindTheBest_areNotTried() {
    Candidate untried = Candidate.of("untried", () -> fail("expected it not to be tried"));
    assertEquals(Optional.of("best"), best(off("best", 0), untried));
  }

  @Test
  void smallerErrorThatIsNotRounding_explainsNothing() {
    assertEquals(Optional.empty(), best(off("helps", 1e-9)));
  }

  @Test
  void resultOfAnotherShape_explainsNothing() {
    assertEquals(
        Optional.empty(), best(Candidate.of("shape", () -> EXPECTED.copy().reshape(1, 5))));
  }

  @Test
  void numbersFittedToAsFew_explainNothing() {
    assertEquals(Optional.empty(), best(new Candidate("fitted", 2, () -> EXPECTED)));
    assertEquals(Optional.of("fitted"), best(new Candidate("fitted", 1, () -> EXPECTED)));
  }

  /** In float32 a nearness of 1e-7 is all there is; in float64 it is far away. */
  @Test
  void nearness_isThatOfTheRecordedPrecision() {
    Tensor single = EXPECTED.map(value -> (float) value);
    Candidate candidate = Candidate.of("rounds", () -> EXPECTED);
    assertEquals(Optional.of("rounds"), Explanation.best(single, ACTUAL, Stream.of(candidate)));
    assertEquals(Optional.empty(), best(Candidate.of("rounds", () -> single)));
  }

  @Test
  void errorOfRoundingItself_needsNoCause() {
    Tensor single = EXPECTED.map(value -> (float) value);
    Candidate candidate = off("as far", 1e-7);
    assertEquals(Optional.empty(), Explanation.best(single, EXPECTED, Stream.of(candidate)));
  }

  private static Optional<String> best(Candidate... candidates) {
    return Explanation.best(EXPECTED, ACTUAL, Stream.of(candidates));
  }

  private static Candidate off(String text, double error) {
    return Candidate.of(text, () -> EXPECTED.map(value -> value + error));
  }
}
