package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.allclose.TestData;
import org.allclose.parity.Comparisons;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.Comparison;
import org.allclose.weights.NumpyTensors;
import org.junit.jupiter.api.Test;

/** Two files that {@code record_faults.py} wrote. */
class ArrayFaultsTest {

  @Test
  void whatOneArrayIsOfTheOther_isNamed() throws IOException {
    Path folder = TestData.folder().resolve("faults/arrays");
    CaseReport report =
        Comparisons.of(
            "diff",
            NumpyTensors.readNpz(folder.resolve("a.npz")),
            NumpyTensors.readNpz(folder.resolve("b.npz")),
            Match.EXACT);
    assertEquals(
        List.of(
            "'transposed': B is A transposed: axes (1, 0)",
            "'square': B is A transposed: axes (1, 0)",
            "'channels_last': B is A transposed: axes (0, 2, 3, 1)",
            "'reversed': B is A with axis 1 in reverse order",
            "'doubled': B is 2 times A",
            "'negated': B is -1 times A",
            "'bytes': B is A divided by 255",
            "'scaled': B is 1.23457 times A",
            "'float32': B is A rounded to float32",
            "'float16': B is A rounded to float16",
            "'reshaped': B has the elements of A in the same order, in another shape",
            "'rounded': A is B rounded to float32"),
        report.hints());
    assertEquals(
        List.of("noisy", "shorter"),
        report.failures().stream()
            .map(Comparison::name)
            .filter(name -> report.hints().stream().noneMatch(hint -> hint.contains(name)))
            .toList());
  }
}
