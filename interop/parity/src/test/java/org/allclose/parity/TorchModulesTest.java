package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.allclose.TestPython;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.ReportFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PyTorch modules in the styles that people publish, recorded anew; skipped where no Python has
 * PyTorch.
 */
@Tag("slow")
class TorchModulesTest {
  private static final int MODULES = 43;

  @TempDir Path folder;

  @Test
  void everyModule_isRecorded_andJavaComputesTheSame() throws Exception {
    String output =
        TestPython.with("torch")
            .succeed(folder, "torch_modules.py", "--output", folder.resolve("cases").toString());
    List<Path> cases = CaseFile.below(folder.resolve("cases"));
    assertTrue(cases.size() >= MODULES, output);
    for (Path path : cases) {
      CaseReport report = CaseRunner.run(CaseFile.read(path));
      assertTrue(report.matches(), () -> ReportFormat.TABLE.print(List.of(report)));
    }
  }
}
