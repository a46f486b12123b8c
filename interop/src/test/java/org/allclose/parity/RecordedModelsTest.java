package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import org.allclose.TestData;
import org.junit.jupiter.api.Test;

/**
 * Programs of {@code reference/models} that compute something else than their network file says.
 */
class RecordedModelsTest {

  /** Keras's slope of 0.3, where the network file has 0.01. */
  @Test
  void anotherSlope_isFoundInItsLayer() throws IOException {
    assertDiverges("leaky32", "r");
  }

  /** An epsilon of 1e-12, where the network file has none and so 1e-5. */
  @Test
  void anotherEpsilon_isFoundInItsLayer() throws IOException {
    assertDiverges("ln", "n");
  }

  private static void assertDiverges(String model, String layer) throws IOException {
    CaseReport report =
        Replay.run(RecordedCase.read(TestData.folder().resolve("models").resolve(model)));
    assertFalse(report.matches(), model);
    assertEquals(layer, report.firstDivergingLayer().orElseThrow().name());
  }
}
