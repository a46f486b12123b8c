package org.allclose.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.RoundingNoise;
import org.allclose.TestData;
import org.allclose.internal.message.TextTable;
import org.allclose.internal.network.NetworkResults;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.layer.Layer;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.loss.WeightedLoss;
import org.allclose.parity.CaseFile;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.allclose.type.Types;
import org.apache.commons.math3.dfp.Dfp;
import org.junit.jupiter.api.Test;

/**
 * Computes recorded networks in arithmetic of 40 digits: Java must be as near to it as numpy is,
 * and each element within a few of the rounding errors that are said of it.
 *
 * <p>Gradients come from the chain rule on the forward formulas, so that they do not share a
 * derivation with the layers. Cases recorded in natural mode are left out: there numpy's sums have
 * another order, and which is nearer is chance. So it is with tensors that are said to differ by
 * rounding; both must be near then.
 */
class ExactArithmeticTest {
  /** Above this many values and products a case takes too long. */
  private static final long WORK = 150_000;

  /** Largest error accepted at all, as a share of a tensor's largest value. */
  private static final double NEAR = 1e-13;

  /**
   * What is 0 but for the digits that are carried: the gradient of what softmax takes no note of.
   */
  private static final double ZERO = 1e-40;

  /** How many rounding errors each element may be off by: a quarter of what matches allow. */
  private static final double FEW = 4;

  /** The kinds of layers and losses that were compared. */
  private final Set<String> seen = new TreeSet<>();

  private final TextTable table =
      TextTable.of("case", "tensor", "Java's error", "numpy's error").alignRight(2, 3);
  private final List<String> faults = new ArrayList<>();

  /** Cases of layers that are defined in the reference alone. */
  private final Set<String> without = new TreeSet<>();

  private double mostRoundings;

  @Test
  void networks_areAsNearToTheTruthAsNumpys() throws IOException {
    for (Path folder : CaseFile.below(TestData.fixtures())) {
      RecordedCase recorded = CaseFile.read(folder);
      boolean strict = "strict".equals(recorded.recorded().get("mode")) && isOfNumpy(recorded);
      if (recorded.network().isPresent() && strict && isSmallAndFinite(recorded)) {
        NetworkSpec spec = recorded.network().get().spec();
        boolean isKnown = spec.losses().stream().map(WeightedLoss::loss).allMatch(ExactLoss::knows);
        if (isKnown && spec.layers().stream().allMatch(ExactLayers::knows)) {
          compare(recorded, recorded.network().get());
        } else {
          without.add(recorded.name());
        }
      }
    }
    System.out.print(
        "Errors as shares of the tensor's largest value, in units of 2^-53:\n" + table);
    System.out.printf(
        Locale.ROOT, "Largest error of an element: %.2f of its rounding errors%n", mostRoundings);
    assertEquals(List.of(), faults);
    System.out.println("Without a definition in exact arithmetic: " + without);
    Set<String> wanted = new TreeSet<>();
    Types.of(Layer.class).all().stream()
        .filter(type -> ExactLayers.KNOWN.contains(type.kind()))
        .forEach(type -> wanted.add(type.name()));
    Types.of(Loss.class).all().stream()
        .filter(type -> ExactLoss.KNOWN.contains(type.kind()))
        .forEach(type -> wanted.add("loss " + type.name()));
    assertEquals(wanted, seen);
  }

  private static boolean isOfNumpy(RecordedCase recorded) {
    return Collections.disjoint(recorded.recorded().keySet(), Set.of("torch", "tensorflow"));
  }

  private void compare(RecordedCase recorded, Network network) {
    Map<String, Tensor> java = java(recorded, network);
    Map<String, Tensor> noise = noise(recorded, network);
    Map<String, List<Dfp>> truth = truth(recorded, network);
    recorded
        .expected()
        .forEach(
            (name, expectation) -> {
              if (truth.containsKey(name)) {
                compare(recorded.name(), name, truth.get(name), java.get(name), expectation);
                double roundings = roundings(truth.get(name), java.get(name), noise.get(name));
                mostRoundings = Math.max(mostRoundings, roundings);
                if (!(roundings <= FEW)) {
                  faults.add(recorded.name() + ": " + name + ": " + roundings + " roundings");
                }
              }
            });
  }

  private void compare(
      String place, String name, List<Dfp> truth, Tensor java, Expectation expectation) {
    double scale = 0;
    for (Dfp value : truth) {
      scale = Math.max(scale, Math.abs(value.toDouble()));
    }
    scale = scale < ZERO ? 1 : scale;
    double javas = error(truth, java) / scale;
    double numpys = error(truth, expectation.value()) / scale;
    table.add(place, name, units(javas), units(numpys));
    boolean sameOrder = !(expectation.match() instanceof Match.Rounding);
    if (!(javas <= (sameOrder ? numpys : NEAR) && numpys <= NEAR)) {
      faults.add(place + ": " + name + ": Java " + javas + ", numpy " + numpys);
    }
  }

  private static double error(List<Dfp> truth, Tensor computed) {
    assertEquals(truth.size(), computed.size());
    double worst = 0;
    for (int i = 0; i < computed.size(); i++) {
      Dfp difference = truth.get(i).subtract(truth.get(i).newInstance(computed.unwrap()[i]));
      worst = Math.max(worst, Math.abs(difference.toDouble()));
    }
    return worst;
  }

  /** Returns the largest error of an element in units of what its terms are rounded by. */
  private static double roundings(List<Dfp> truth, Tensor computed, Tensor noise) {
    double worst = 0;
    for (int i = 0; i < computed.size(); i++) {
      Dfp difference = truth.get(i).subtract(truth.get(i).newInstance(computed.unwrap()[i]));
      double allowed = 0x1p-53 * noise.unwrap()[i] + Double.MIN_NORMAL;
      worst = Math.max(worst, Math.abs(difference.toDouble()) / allowed);
    }
    return worst;
  }

  private static Map<String, Tensor> noise(RecordedCase recorded, Network network) {
    Network running =
        network
            .withMode(recorded.mode())
            .withRandom(NumpyRandomState.seed(recorded.seed().orElse(0)));
    Map<String, Tensor> inputs = LayerTrace.inputs(network.spec(), recorded);
    Map<String, Tensor> results = new LinkedHashMap<>();
    RoundingNoise noise;
    if (recorded.hasInput("upstream")) {
      noise =
          RoundingNoise.ofBackward(running, inputs, LayerTrace.upstream(network.spec(), recorded));
    } else {
      noise = RoundingNoise.ofEvaluation(running, inputs, targets(recorded));
      results.put("loss", Tensor.scalar(noise.loss()));
    }
    NetworkSpec spec = network.spec();
    results.put("scores", noise.output(spec.outputs().get(0)));
    spec.outputs().stream().skip(1).forEach(name -> results.put(name, noise.output(name)));
    for (String input : inputs.keySet()) {
      if (!spec.graph().isTokens(input)) {
        results.put(gradientOf(input, spec), noise.networkInputGradient(input));
      }
    }
    for (ParameterSpec parameter : network.spec().parameters()) {
      if (parameter.role().isTrained()) {
        results.put(parameter.name(), noise.gradient(parameter.name()));
      }
    }
    return results;
  }

  /** Returns what the gradient of an input is recorded as. */
  private static String gradientOf(String input, NetworkSpec spec) {
    return "d" + NetworkResults.recordedName(spec, spec.graph().input(input).orElseThrow());
  }

  private static Targets targets(RecordedCase recorded) {
    return LayerTrace.targets(recorded).orElseThrow();
  }

  private static String units(double share) {
    return String.format(Locale.ROOT, "%.2f", share * 0x1p53);
  }

  private Map<String, List<Dfp>> truth(RecordedCase recorded, Network network) {
    NetworkSpec spec = network.spec();
    note(spec.layers());
    Tape tape = new Tape();
    ExactLayers layers =
        new ExactLayers(
            tape, network.parameters().asMap(), recorded.mode(), recorded.seed().orElse(0));
    Map<String, Values> inputs = new LinkedHashMap<>();
    LayerTrace.inputs(spec, recorded).forEach((name, x) -> inputs.put(name, Values.of(tape, x)));
    Map<String, Values> values = layers.run(spec.graph(), inputs);
    Values scores = values.get(spec.outputs().get(0));
    Map<String, List<Dfp>> truth = new LinkedHashMap<>();
    if (!spec.losses().isEmpty() && !recorded.hasInput("upstream")) {
      Node sum = tape.number(0);
      for (WeightedLoss term : spec.losses()) {
        seen.add("loss " + term.loss().type().name());
        Node own = new ExactLoss(tape, layers).of(recorded, term, values.get(term.output()));
        sum = tape.plus(sum, tape.times(term.weight(), own));
      }
      Node loss = regularized(tape, layers, spec, sum);
      truth.put("loss", List.of(loss.value()));
      loss.add(tape.exact(1));
    } else {
      double[] upstream = recorded.input("upstream").unwrap();
      for (int i = 0; i < upstream.length; i++) {
        scores.all().get(i).add(tape.exact(upstream[i]));
      }
    }
    tape.backward();
    truth.put("scores", scores.all().stream().map(Node::value).toList());
    for (String output : spec.outputs().subList(1, spec.outputs().size())) {
      truth.put(output, values.get(output).all().stream().map(Node::value).toList());
    }
    inputs.forEach((name, x) -> truth.put(gradientOf(name, spec), gradients(x)));
    Set<String> trained = network.parameters().names();
    layers
        .parameters()
        .forEach(
            (name, parameter) -> {
              if (trained.contains(name) && !name.contains("/running")) {
                truth.put(name, gradients(parameter));
              }
            });
    return truth;
  }

  private static List<Dfp> gradients(Values values) {
    return values.all().stream().map(Node::gradient).toList();
  }

  private static Node regularized(Tape tape, ExactLayers layers, NetworkSpec spec, Node loss) {
    Node total = loss;
    for (ParameterSpec parameter : spec.parameters()) {
      if (parameter.role() == ParameterSpec.Role.WEIGHT && spec.l2() != 0) {
        List<Node> w = layers.parameters().get(parameter.name()).all();
        total = tape.plus(total, tape.times(0.5, tape.times(spec.l2(), tape.dot(w, w))));
      }
    }
    return total;
  }

  private void note(List<org.allclose.layer.Node> layers) {
    layers.forEach(node -> seen.add(node.layer().type().name()));
  }

  private static Map<String, Tensor> java(RecordedCase recorded, Network network) {
    Network running =
        network
            .withMode(recorded.mode())
            .withRandom(NumpyRandomState.seed(recorded.seed().orElse(0)));
    NetworkSpec spec = network.spec();
    Map<String, Tensor> inputs = LayerTrace.inputs(spec, recorded);
    return recorded.hasInput("upstream")
        ? NetworkResults.ofUpstream(running, inputs, LayerTrace.upstream(spec, recorded))
        : NetworkResults.ofLoss(running, inputs, targets(recorded));
  }

  private static boolean isSmallAndFinite(RecordedCase recorded) {
    Network network = recorded.network().orElseThrow();
    Map<String, Tensor> inputs = LayerTrace.inputs(network.spec(), recorded);
    long batch = network.spec().batchSize(inputs);
    long work = inputs.values().stream().mapToLong(Tensor::size).sum();
    for (org.allclose.layer.Node node : network.spec().layers()) {
      long weights = node.parameters().stream().mapToLong(p -> p.shape().size()).sum();
      long places = node.output().rank() == 3 ? node.output().size() / node.output().axis(0) : 1;
      work += batch * places * weights;
    }
    return work <= WORK
        && recorded.expected().values().stream().allMatch(e -> isFinite(e.value()))
        && inputs.values().stream().allMatch(ExactArithmeticTest::isFinite);
  }

  private static boolean isFinite(Tensor tensor) {
    for (double value : tensor.unwrap()) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
