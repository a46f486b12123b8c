package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.allclose.init.Constant;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Conv2d;
import org.allclose.tensor.Tensor;

/** Parameters that were not loaded, exchanged or rounded, of any layer, and biases. */
final class ParameterFaults {

  /** A layer with more parameters is none whose subsets are tried. */
  private static final int MOST_SPECS = 4;

  private ParameterFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return Stream.of(bias(suspect), neverLoaded(suspect), exchanged(suspect), rounded(suspect))
        .flatMap(candidates -> candidates);
  }

  /** A bias not added, added twice or subtracted, or one that the layer does not have. */
  private static Stream<Candidate> bias(Suspect suspect) {
    if (!(suspect.layer() instanceof Dense || suspect.layer() instanceof Conv2d)) {
      return Stream.empty();
    }
    if (suspect.has("b")) {
      Tensor b = suspect.parameter("b");
      return Stream.of(
          Candidate.of(
              "a bias is missing: the recording does not add b",
              () -> suspect.with("b", Axes.scaled(b, 0))),
          Candidate.of("the recording adds b twice", () -> suspect.with("b", Axes.scaled(b, 2))),
          Candidate.of("the recording subtracts b", () -> suspect.with("b", Axes.scaled(b, -1))));
    }
    if (!suspect.isDirect() || !suspect.expected().shape().equals(suspect.actual().shape())) {
      return Stream.empty();
    }
    Tensor constant = Axes.meanOfUnits(suspect.expected(), suspect.actual());
    return Stream.of(
        new Candidate(
            "a bias is missing: the recording adds one number to each unit, but the layer has no"
                + " bias",
            constant.size(),
            () -> Axes.addToUnits(suspect.actual(), constant)));
  }

  /** Parameters of a normalization at the constants they start from: any of them. */
  private static Stream<Candidate> neverLoaded(Suspect suspect) {
    List<ParameterSpec> specs = suspect.layer().parameters(suspect.place().inputShapes());
    if (specs.size() > MOST_SPECS || specs.stream().anyMatch(spec -> spec.start().isEmpty())) {
      return Stream.empty();
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int chosen = 1; chosen < 1 << specs.size(); chosen++) {
      int set = chosen;
      List<ParameterSpec> some =
          specs.stream().filter(spec -> (set >> specs.indexOf(spec) & 1) == 1).toList();
      candidates.add(
          Candidate.of(
              some.stream()
                  .map(spec -> spec.name() + " all " + Fit.text(start(spec)))
                  .collect(Collectors.joining(", ", "never loaded: the recording has ", "")),
              () -> suspect.with(starts(suspect, some))));
    }
    return candidates.stream();
  }

  private static Map<String, Tensor> starts(Suspect suspect, List<ParameterSpec> some) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (ParameterSpec spec : some) {
      Tensor own = suspect.parameter(spec.name());
      values.put(suspect.fullName(spec.name()), own.map(value -> start(spec)));
    }
    return values;
  }

  private static double start(ParameterSpec spec) {
    return spec.start().orElseThrow() instanceof Constant constant ? constant.value() : 0;
  }

  /** One of the layer's parameters in the place of another of its shape, in any layer. */
  private static Stream<Candidate> exchanged(Suspect suspect) {
    List<ParameterSpec> all = suspect.stretch().network().spec().parameters();
    String own = suspect.place().name() + "/";
    List<Candidate> candidates = new ArrayList<>();
    for (ParameterSpec first : suspect.place().parameters()) {
      for (ParameterSpec second : all) {
        boolean isLater =
            !second.name().startsWith(own) || all.indexOf(second) > all.indexOf(first);
        if (isLater && second.shape().equals(first.shape()) && !second.equals(first)) {
          Map<String, Tensor> values =
              Map.of(
                  first.name(), suspect.parameters().get(second.name()),
                  second.name(), suspect.parameters().get(first.name()));
          candidates.add(
              Candidate.of(
                  "'" + first.name() + "' and '" + second.name() + "' are exchanged",
                  () -> suspect.with(values)));
        }
      }
    }
    return candidates.stream();
  }

  /** Parameters that went through a format of fewer digits. */
  private static Stream<Candidate> rounded(Suspect suspect) {
    return Stream.of(Precision.FLOAT32, Precision.FLOAT16, Precision.BFLOAT16)
        .map(
            precision ->
                Candidate.of(
                    "the recording has the weights rounded to "
                        + precision.dtype()
                        + ": load the same into Java",
                    () -> suspect.with(rounded(suspect, precision))));
  }

  private static Map<String, Tensor> rounded(Suspect suspect, Precision precision) {
    return suspect.parameters().asMap().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> precision.round(entry.getValue())));
  }
}
