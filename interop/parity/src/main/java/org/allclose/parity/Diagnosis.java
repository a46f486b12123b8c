package org.allclose.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Says why a network gives other numbers than were recorded, where a known mistake explains it.
 *
 * <p>Each mistake is made on purpose and the result compared: see {@link Explanation}. Of the
 * layers, the first that diverges is looked at, on the input that was recorded for it.
 */
final class Diagnosis {

  /** What can be wrong with a layer; of mistakes that come to the same, the first is named. */
  private static final List<Function<Suspect, Stream<Candidate>>> LAYER_FAULTS =
      List.of(
          DropoutFaults::of,
          WeightFaults::of,
          NormalizationFaults::of,
          ParameterFaults::of,
          WindowFaults::of,
          InputFaults::of,
          ActivationFaults::of,
          OrderFaults::of);

  private Diagnosis() {}

  /** Returns a line for each mistake that explains something, in the order of the computation. */
  static List<String> of(RecordedCase recorded, CaseReport report) {
    List<String> hints = new ArrayList<>();
    if (recorded.network().isEmpty() || report.matches()) {
      return hints;
    }
    Optional<Stretch> diverging = Stretch.firstDiverging(recorded, report);
    diverging.flatMap(Diagnosis::cause).ifPresent(hints::add);
    hints.addAll(
        ResultFaults.of(recorded.network().get(), recorded, report, diverging.isPresent()));
    return hints.isEmpty() ? Precision.lost(report).stream().toList() : hints;
  }

  private static Optional<String> cause(Stretch stretch) {
    if (stretch.matchesOnItsInput()) {
      return Optional.of(
          place(stretch.name())
              + "matches on the input recorded for it; the difference has grown in the layers"
              + " before");
    }
    Stream<Candidate> candidates =
        stretch.suspects().stream()
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
