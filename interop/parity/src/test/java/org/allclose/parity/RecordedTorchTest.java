package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.allclose.TestData;
import org.allclose.layer.Mode;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What PyTorch recorded of the modules of {@code torch_modules.py}, in the styles that people
 * publish, and of four models of torchvision in training mode, replayed: scores, loss and the
 * gradient of every parameter.
 */
class RecordedTorchTest {
  static Stream<Path> modules() throws IOException {
    return cases("modules");
  }

  static Stream<Path> models() throws IOException {
    return cases("training");
  }

  private static Stream<Path> cases(String folder) throws IOException {
    return CaseFile.below(TestData.folder().resolve("torch").resolve(folder)).stream();
  }

  @Test
  void everyModule_andFourModels_areThere() throws IOException {
    assertEquals(43, modules().count());
    assertEquals(4, models().count());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void module_givesWhatPyTorchGives(Path path) throws IOException {
    replay(CaseFile.read(path));
  }

  @ParameterizedTest
  @MethodSource("models")
  void modelInTraining_givesWhatPyTorchGives(Path path) throws IOException {
    RecordedCase recorded = CaseFile.read(path);
    assertEquals(Mode.TRAINING, recorded.mode());
    replay(recorded);
  }

  private static void replay(RecordedCase recorded) {
    assertTrue(recorded.network().orElseThrow().spec().parameters().size() > 0);
    CaseReport report = CaseRunner.run(recorded);
    assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
  }
}
