package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.allclose.TestData;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs of {@code reference/models}: PyTorch models whose numbers differ from Java's by rounding
 * alone, and two that compute something else than their network file says.
 */
class RecordedModelsTest {

  /** Gradients that vanish, losses far below their terms, layers used twice, a frozen norm. */
  @ParameterizedTest
  @ValueSource(strings = {"bn", "frozen", "head", "shared", "sure"})
  void rightModels_areRight(String model) throws IOException {
    CaseReport report = replay(model);
    assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
    assertEquals(Match.rounding(16), report.tensors().get(0).match());
  }

  /** Of keras.applications, with drawn weights, which {@code keras_tables.py} recorded. */
  @ParameterizedTest
  @ValueSource(strings = "MobileNet")
  void modelsOfKeras_areRight(String model) throws IOException {
    CaseReport report = replay(model);
    assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
    assertEquals(Match.rounding(16), report.tensors().get(0).match());
  }

  /** What {@code shared.py} prints of {@code model(x)[0]}. */
  @Test
  void modelThatUsesALayerTwice_isRecordedAsItIs() throws IOException {
    double[] scores = replay("shared").numbers().get(0).actual().unwrap();
    assertEquals(0.0377074473049064, scores[0], 1e-15);
    assertEquals(-0.09119102284197778, scores[1], 1e-15);
    assertEquals(0.05925008918276727, scores[2], 1e-15);
  }

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
    CaseReport report = replay(model);
    assertFalse(report.matches(), model);
    assertEquals(layer, report.firstDivergingLayer().orElseThrow().name());
  }

  private static CaseReport replay(String model) throws IOException {
    return CaseRunner.run(CaseFile.read(TestData.folder().resolve("models").resolve(model)));
  }
}
