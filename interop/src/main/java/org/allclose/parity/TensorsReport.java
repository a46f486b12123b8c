package org.allclose.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.tensor.Tensor;

/** Compares two sets of named tensors, such as what two runs of a program wrote. */
public final class TensorsReport {
  private TensorsReport() {}

  /**
   * Compares the tensors that both sets have.
   *
   * @param name what the report is called
   * @param expected in the order of the report; not modified
   * @param actual not modified
   */
  public static CaseReport of(
      String name, Map<String, Tensor> expected, Map<String, Tensor> actual, Match match) {
    if (match.needsNoise()) {
      throw new IllegalArgumentException(
          "match " + match + ": expected a network, whose terms are known, but got arrays alone");
    }
    List<TensorReport> tensors = new ArrayList<>();
    expected.forEach(
        (key, value) -> {
          if (actual.containsKey(key)) {
            Expectation expectation = new Expectation(value, match, "");
            tensors.add(TensorReport.compare(key, expectation, actual.get(key)));
          }
        });
    CaseReport report =
        new CaseReport(
            name,
            tensors,
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Map.of());
    return report.withHints(ArrayFaults.of(report));
  }
}
