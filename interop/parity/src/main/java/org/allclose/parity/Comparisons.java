package org.allclose.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.allclose.internal.arrays.StoredArray;
import org.allclose.internal.arrays.StoredArrays;
import org.allclose.internal.file.InputFile;
import org.allclose.jnpy.ReadOptions;
import org.allclose.parity.diagnosis.Diagnosis;
import org.allclose.parity.recording.Match;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.Comparison;
import org.allclose.tensor.Tensor;
import org.allclose.weights.NumpyTensors;

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
   * Compares the arrays of two {@code .npy}, {@code .npz} or {@code .safetensors} files by their
   * names; one that a file lacks is a comparison that fails.
   *
   * @param name what the report is called
   * @throws IOException if a file cannot be read, or the first has no array
   * @throws IllegalArgumentException if an array has more elements than a tensor can have, or the
   *     match needs a network
   */
  public static CaseReport ofFiles(
      String name, Path expected, Path actual, ReadOptions options, Match match)
      throws IOException {
    Map<String, StoredArray> first = StoredArrays.read(InputFile.of(expected), options);
    Map<String, StoredArray> second = StoredArrays.read(InputFile.of(actual), options);
    if (first.isEmpty()) {
      throw new IOException(expected + ": expected at least one array but got none");
    }
    return ofArrays(name, first, second, match);
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
  static CaseReport ofArrays(
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
          ArrayComparison.of(
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
