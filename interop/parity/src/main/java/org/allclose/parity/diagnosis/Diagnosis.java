package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;

/**
 * Says why a network gives other numbers than were recorded, where a known mistake explains it.
 *
 * <p>Each mistake is made on purpose and the result compared: see {@link Explanation}. Of the
 * layers, the first that diverges is looked at, on the input that was recorded for it.
 */
public final class Diagnosis {

  /** What can be wrong with a layer; of mistakes that come to the same, the first is named. */
  private static final List<Function<Suspect, Stream<Candidate>>> LAYER_FAULTS =
      List.of(
          DropoutFaults::of,
          CombiningFaults::of,
          WeightFaults::of,
          NormalizationFaults::of,
          ParameterFaults::of,
          WindowFaults::of,
          InputFaults::of,
          ActivationFaults::of,
          OrderFaults::of,
          WiringFaults::of);

  private Diagnosis() {}

  /** Returns a line for each mistake that explains something, in the order of the computation. */
  public static List<String> of(RecordedCase recorded, CaseReport report) {
    List<String> hints = new ArrayList<>();
    if (recorded.network().isEmpty() || report.matches() || isSampled(report)) {
      return hints;
    }
    Optional<Stretch> diverging = Stretch.firstDiverging(recorded, report);
    diverging.flatMap(Diagnosis::cause).ifPresent(hints::add);
    hints.addAll(
        ResultFaults.of(recorded.network().get(), recorded, report, diverging.isPresent()));
    return hints.isEmpty() ? Precision.lost(report).stream().toList() : hints;
  }

  /** Returns whether elements alone were recorded: a mistake is known by the whole tensor. */
  private static boolean isSampled(CaseReport report) {
    return report
        .comparisons()
        .flatMap(comparison -> comparison.numbers().stream())
        .anyMatch(tensor -> tensor.expectation().sampling().isPresent());
  }

  /** Returns a line for each array that differs and is explained by the other of its name. */
  public static List<String> ofArrays(CaseReport report) {
    return ArrayFaults.of(report);
  }

  /**
   * Returns the network with the given parameters, as {@link NetworkSpec#bind}.
   *
   * @throws IllegalArgumentException as there; where a shape does not fit, it says which padding or
   *     stride would make all of them fit, if one would
   */
  public static Network bind(NetworkSpec spec, WeightSource weights) {
    return FittingWindows.bind(spec, weights);
  }

  private static Optional<String> cause(Stretch stretch) {
    if (stretch.matchesOnItsInput()) {
      if (stretch.suspects().stream().anyMatch(suspect -> suspect.before().isEmpty())) {
        return Optional.empty(); // there are no layers before: only gradients tell
      }
      return Optional.of(
          place(stretch.name())
              + "matches on the input recorded for it; the difference has grown in the layers"
              + " before");
    }
    Stream<Candidate> candidates =
        stretch.suspects().stream()
            .filter(suspect -> !suspect.place().inputs().isEmpty())
            .flatMap(
                suspect ->
                    LAYER_FAULTS.stream()
                        .flatMap(faults -> faults.apply(suspect))
                        .map(candidate -> candidate.in(place(suspect.place().name()))));
    return Explanation.best(stretch.expected(), stretch.actual(), candidates);
  }

  private static String place(String layer) {
    return "layer '" + layer + "': ";
  }
}
