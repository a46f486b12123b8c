package org.allclose.parity;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.RoundingNoise;
import org.allclose.internal.kernel.reduce.Maxima;
import org.allclose.internal.network.NetworkResults;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.layer.Graph;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.FloatFormat;
import org.allclose.parity.recording.Match;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The rounding noise of the tensors of a network's case, measured when it is first asked for. */
final class CaseNoise {
  private final RecordedCase recorded;
  private Optional<RoundingNoise> measured = Optional.empty();

  CaseNoise(RecordedCase recorded) {
    this.recorded = recorded;
  }

  /** Returns the noise of an expected tensor, if its match wants to know. */
  Optional<Tensor> of(String name, Expectation expectation, Tensor actual) {
    if (!expectation.match().needsNoise()) {
      return Optional.empty();
    }
    NetworkSpec spec = network().spec();
    Tensor noise =
        switch (name) {
          case "scores" -> scores(spec);
          case "loss" -> Tensor.scalar(noise().loss());
          case "accuracy" -> accuracy(spec, expectation);
          default -> ofNamed(spec, name);
        };
    return Optional.of(noise).filter(known -> known.shape().equals(actual.shape()));
  }

  /** Returns the noise of a layer's output, if its match wants to know. */
  Optional<Tensor> ofOutput(String layer, Expectation expectation) {
    return expectation.match().needsNoise() ? Optional.of(noise().output(layer)) : Optional.empty();
  }

  /** Returns the noise of the gradient of a layer's input, if its match wants to know. */
  Optional<Tensor> ofInputGradient(String layer, Expectation expectation) {
    return expectation.match().needsNoise()
        ? Optional.of(noise().inputGradient(layer))
        : Optional.empty();
  }

  private Tensor scores(NetworkSpec spec) {
    return noise().output(spec.outputs().get(0));
  }

  private Tensor ofNamed(NetworkSpec spec, String name) {
    if (spec.outputs().contains(name)) {
      return noise().output(name);
    }
    for (Graph.Input input : spec.inputs()) {
      if (name.equals("d" + NetworkResults.recordedName(spec, input))) {
        return noise().networkInputGradient(input.name());
      }
    }
    boolean statistic =
        spec.parameters().stream()
            .anyMatch(
                parameter -> parameter.name().equals(name) && parameter.role() == Role.STATISTIC);
    return statistic ? noise().statistic(name) : noise().gradient(name);
  }

  /**
   * Returns the noise of the accuracy: as much as makes up for the samples whose two largest scores
   * are so near that rounding may decide between them.
   */
  private Tensor accuracy(NetworkSpec spec, Expectation expectation) {
    double k = ((Match.Rounding) expectation.match()).k();
    FloatFormat computed =
        recorded
            .expected()
            .getOrDefault(
                spec.scored().equals(spec.outputs().get(0)) ? "scores" : spec.scored(), expectation)
            .format();
    double limit = k * computed.unit();
    double[] noise = noise().output(spec.scored()).unwrap();
    double[] scores = LayerTrace.of(network(), recorded).outputs().get(spec.scored()).unwrap();
    Shape sample = spec.graph().shapeOf(spec.scored());
    int classes = sample.axis(sample.rank() - 1);
    int doubtful = 0;
    for (int row = 0; row < scores.length; row += classes) {
      int largest = row + Maxima.argMax(scores, row, classes);
      boolean near = false;
      for (int j = row; j < row + classes; j++) {
        double gap = scores[largest] - scores[j];
        near |= j != largest && gap <= limit * (noise[largest] + noise[j]);
      }
      doubtful += near ? 1 : 0;
    }
    double share = (double) doubtful / counted(spec);
    return Tensor.scalar(share == 0 ? 0 : share / (k * expectation.format().unit()));
  }

  /** Returns the number of labels that count. */
  private int counted(NetworkSpec spec) {
    OptionalInt ignored = spec.loss().map(Loss::ignoredLabel).orElse(OptionalInt.empty());
    return LayerTrace.targets(recorded).orElseThrow().counted(ignored);
  }

  private Network network() {
    return recorded
        .network()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "case '" + recorded.name() + "': expected one of a network"));
  }

  private RoundingNoise noise() {
    if (measured.isEmpty()) {
      measured = Optional.of(measure());
    }
    return measured.get();
  }

  private RoundingNoise measure() {
    Network network = LayerTrace.running(network(), recorded);
    Map<String, Tensor> inputs = LayerTrace.inputs(network.spec(), recorded);
    Optional<Targets> targets = LayerTrace.targets(recorded);
    if (targets.isPresent()) {
      return RoundingNoise.ofEvaluation(network, inputs, targets.get());
    }
    return recorded.hasInput("upstream") && !LayerTrace.hasOtherScores(network, recorded)
        ? RoundingNoise.ofBackward(network, inputs, LayerTrace.upstream(network.spec(), recorded))
        : RoundingNoise.ofOutputs(network, inputs);
  }
}
