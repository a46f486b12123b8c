package org.allclose.parity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.internal.trace.Kinks;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.SmallestChange;
import org.allclose.parity.report.TensorReport;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;

/** Tries how much the comparisons of a case would have seen: see {@link SmallestChange}. */
final class Sensitivity {

  /** How many values of each parameter are tried, at most. */
  private static final int TRIED = 4;

  /** How many values are tried in all, about: each is a run of the network. */
  private static final int MOST = 64;

  /** How many are tried of a network of any size. */
  private static final int LEAST = 8;

  /** How many elements all those runs may have, of parameters and of what layers give. */
  private static final double ELEMENTS = 0x1p25;

  /** What values are changed by, in turn, until the results move far enough to be measured. */
  private static final double[] STEPS = {0x1p-32, 0x1p-22, 0x1p-11, 1};

  /** How far results must move, in units of what is allowed, for rounding not to show in it. */
  private static final double FAR = 4;

  private static final int SEED = 231;

  private record Trial(String place, double change) {}

  private Sensitivity() {}

  /**
   * Tries values of the network of a case.
   *
   * @param report of the case, which matches
   * @return empty if the case is not a network's, or none of its comparisons is one of rounding
   */
  static Optional<SmallestChange> of(RecordedCase recorded, CaseReport report) {
    boolean known = report.comparisons().anyMatch(tensor -> tensor.match().needsNoise());
    if (recorded.network().isEmpty() || !known) {
      return Optional.empty();
    }
    Network network = recorded.network().get();
    RecordedCase decided = recorded.withDecisions(decisions(network, recorded, report));
    Parameters parameters = network.parameters();
    NumpyRandomState random = NumpyRandomState.seed(SEED);
    List<Trial> seen = new ArrayList<>();
    List<String> unseen = new ArrayList<>();
    // Constants are no weights: some, as indices, mean nothing when they are changed a little.
    List<String> names =
        network.spec().parameters().stream()
            .filter(parameter -> parameter.role() != Role.CONSTANT)
            .map(ParameterSpec::name)
            .toList();
    int most = (int) Math.min(MOST, Math.max(LEAST, ELEMENTS / elements(network, recorded)));
    int each = Math.max(1, Math.min(TRIED, most / Math.max(1, names.size())));
    int step = (names.size() + most - 1) / most;
    for (int i = 0; i < names.size(); i += step) {
      String name = names.get(i);
      Tensor values = parameters.get(name);
      for (int element : elements(values, each, random)) {
        String place = name + Difference.index(values.shape(), element);
        Optional<Double> change = change(decided, report, parameters, name, element);
        change.ifPresentOrElse(size -> seen.add(new Trial(place, size)), () -> unseen.add(place));
      }
    }
    if (seen.isEmpty()) {
      return Optional.of(new SmallestChange(unseen.size(), unseen, Double.NaN, Double.NaN, ""));
    }
    seen.sort(Comparator.comparingDouble(Trial::change));
    Trial hardest = seen.get(seen.size() - 1);
    return Optional.of(
        new SmallestChange(
            seen.size() + unseen.size(),
            List.copyOf(unseen),
            seen.get(seen.size() / 2).change,
            hardest.change,
            hardest.place));
  }

  /**
   * Returns the inputs by which layers decide, as they did in the report, so that results follow a
   * change in proportion.
   */
  private static Map<String, Tensor> decisions(
      Network network, RecordedCase recorded, CaseReport report) {
    Map<String, Tensor> decisions = new LinkedHashMap<>();
    Map<String, Tensor> values = new HashMap<>(LayerTrace.inputs(network.spec(), recorded));
    values.putAll(LayerTrace.of(network, recorded).outputs());
    for (Node layer : network.spec().layers()) {
      if (layer.parameters().isEmpty() && layer.inputs().size() == 1) {
        decisions.put(layer.name(), values.get(layer.inputs().get(0)));
      }
    }
    if (!report.kinks().isEmpty()) {
      decisions.putAll(Kinks.of(recorded, report).decisions());
    }
    return decisions;
  }

  /** Returns how many elements parameters and layers' outputs have, of one run. */
  private static double elements(Network network, RecordedCase recorded) {
    NetworkSpec spec = network.spec();
    double elements = 0;
    for (ParameterSpec parameter : spec.parameters()) {
      elements += parameter.shape().size();
    }
    int batch = spec.batchSize(LayerTrace.inputs(spec, recorded));
    for (Node layer : spec.layers()) {
      elements += (double) batch * spec.graph().shapeOf(layer.name()).size();
    }
    return elements;
  }

  /** Returns the largest and the median of the values that are not 0, and others at random. */
  private static List<Integer> elements(Tensor values, int most, NumpyRandomState random) {
    Ranks ranks = new Ranks(values.unwrap());
    List<Integer> chosen = new ArrayList<>();
    List<Integer> left = new ArrayList<>();
    for (int count = 0; count < most && count < ranks.size(); count++) {
      int remaining = ranks.size() - count;
      int rank =
          switch (count) {
            case 0 -> remaining - 1;
            case 1 -> remaining / 2;
            default -> random.nextInt(remaining);
          };
      for (int taken : left) { // in increasing order
        rank += taken <= rank ? 1 : 0;
      }
      left.add(rank);
      Collections.sort(left);
      chosen.add(ranks.element(rank));
    }
    return chosen;
  }

  /** Returns the smallest change of one value that is seen, relative to it; empty if none is. */
  private static Optional<Double> change(
      RecordedCase recorded, CaseReport report, Parameters parameters, String name, int element) {
    double share = 0;
    for (double step : STEPS) {
      Tensor values = parameters.get(name).copy();
      values.unwrap()[element] *= 1 + step;
      Map<String, Tensor> changed = new LinkedHashMap<>(parameters.asMap());
      changed.put(name, values);
      RecordedCase other = recorded.withWeights(spec -> Parameters.wrap(changed));
      share = moved(report, CaseRunner.traced(other));
      if (share >= FAR) {
        return Optional.of(step / share);
      }
    }
    return share > 1 ? Optional.of(1 / share) : Optional.empty();
  }

  /** Returns how far the results move, in units of what is allowed. */
  private static double moved(CaseReport report, CaseRunner.Results results) {
    Stream<Double> tensors =
        report.numbers().stream()
            .filter(tensor -> tensor.match().needsNoise())
            .map(tensor -> tensor.shareOfLimit(results.tensors().get(tensor.name())));
    Stream<Double> layers =
        report.layers().stream()
            .filter(tensor -> tensor.match().needsNoise())
            .map(tensor -> tensor.shareOfLimit(results.trace().outputs().get(tensor.name())));
    Stream<Double> gradients =
        report.inputGradients().stream()
            .filter(tensor -> tensor.match().needsNoise())
            .map(
                tensor ->
                    tensor.shareOfLimit(
                        results
                            .trace()
                            .inputGradients()
                            .get(tensor.name().substring(TensorReport.INPUT_GRADIENT.length()))));
    return Stream.of(tensors, layers, gradients)
        .flatMap(shares -> shares)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(0);
  }
}
