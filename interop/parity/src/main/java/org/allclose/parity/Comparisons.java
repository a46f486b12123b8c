package org.allclose.parity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.allclose.parity.diagnosis.Diagnosis;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.Comparison;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;
import org.allclose.weights.StoredArray;

/** Compares two sets of named arrays, such as what two runs of a program wrote. */
public final class Comparisons {
  private Comparisons() {}

  /**
   * Compares tensors by their names; one that a set lacks is a comparison that fails.
   *
   * @param name what the report is called
   * @param expected in the order of the report; not modified
   * @param actual not modified
   */
  public static CaseReport of(
      String name, Map<String, Tensor> expected, Map<String, Tensor> actual, Match match) {
    return ofArrays(name, stored(expected), stored(actual), match);
  }

  /**
   * Compares arrays of any dtype by their names; one that a set lacks is a comparison that fails.
   *
   * @param name what the report is called
   * @param expected in the order of the report
   * @param actual what it does not share with the others follows in its own order
   * @throws IllegalArgumentException if an array has more elements than a tensor can have, or the
   *     match needs a network
   */
  public static CaseReport ofArrays(
      String name,
      Map<String, StoredArray> expected,
      Map<String, StoredArray> actual,
      Match match) {
    if (match.needsNoise()) {
      throw new IllegalArgumentException(
          "match " + match + ": expected a network, whose terms are known, but got arrays alone");
    }
    Set<String> keys = new LinkedHashSet<>(expected.keySet());
    keys.addAll(actual.keySet());
    List<Comparison> comparisons = new ArrayList<>();
    for (String key : keys) {
      comparisons.addAll(
          Comparison.of(
              key,
              Optional.ofNullable(expected.get(key)),
              Optional.ofNullable(actual.get(key)),
              match));
    }
    CaseReport report =
        new CaseReport(
            name,
            comparisons,
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Map.of());
    return report.withHints(Diagnosis.ofArrays(report));
  }

  private static Map<String, StoredArray> stored(Map<String, Tensor> tensors) {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> arrays.put(key, StoredArray.of(NumpyTensors.toArray(tensor))));
    return arrays;
  }
}
