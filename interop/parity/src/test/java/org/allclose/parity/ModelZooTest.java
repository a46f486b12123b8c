package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.allclose.TestPython;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Forty models of PyTorch, ten of them trained, under the match that users get: each is right, and
 * each with a fault planted is wrong; skipped where no Python has PyTorch.
 */
@Tag("slow")
class ModelZooTest {
  @TempDir Path folder;

  @Test
  void rightModels_areRight_andEachFaultIsFound() throws Exception {
    String output = TestPython.with("torch").succeed(folder, "model_zoo.py", folder.toString());
    assertTrue(output.endsWith("40 models, 40 faults\n"), output);
    List<String> falseAlarms = new ArrayList<>();
    for (Path path : CaseFile.below(folder.resolve("right"))) {
      CaseReport report = replay(path);
      if (!report.matches()) {
        falseAlarms.add(ReportFormat.TABLE.print(List.of(report)));
      }
    }
    assertEquals(List.of(), falseAlarms);
    List<Path> wrong = CaseFile.below(folder.resolve("wrong"));
    assertTrue(wrong.size() >= 40, wrong.toString());
    for (Path path : wrong) {
      assertFalse(replay(path).matches(), () -> path.getFileName() + ": expected it to be found");
    }
  }

  private static CaseReport replay(Path path) throws IOException {
    RecordedCase recorded = CaseFile.read(path);
    recorded
        .expected()
        .values()
        .forEach(expectation -> assertEquals(Match.rounding(16), expectation.match()));
    return CaseRunner.run(recorded);
  }
}
