package org.allclose.parity.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Execution;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.Chain;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.NamedLayer;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * What each layer of a network gives for the batch of a case, forward and backward.
 *
 * <p>The layers are run one at a time; the bits are those of the network as a whole.
 *
 * @param outputs each layer's output by the layer's name, first layer first
 * @param inputGradients the gradient of the loss with respect to each layer's input, likewise; none
 *     where the case has nothing to compute them from, or the recorded scores have another shape
 */
public record LayerTrace(Map<String, Tensor> outputs, Map<String, Tensor> inputGradients) {

  /** Returns the output of the last layer. */
  public Tensor scores() {
    Tensor last = Tensor.zeros(0);
    for (Tensor output : outputs.values()) {
      last = output;
    }
    return last;
  }

  /** Runs the case of a network. */
  public static LayerTrace of(Network network, RecordedCase recorded) {
    Tensor x = recorded.input("x");
    int batch = network.spec().batchSize(x);
    Parameters parameters = network.parameters();
    // One stream for all layers: each draws where the one before has stopped.
    Optional<RandomGenerator> random = random(recorded);
    List<NamedLayer> layers = network.spec().layers();
    Execution[] executions = new Execution[layers.size()];
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    Tensor out = x;
    for (int i = 0; i < executions.length; i++) {
      NamedLayer layer = layers.get(i);
      executions[i] =
          one(layer, layer.layer(), parameters, recorded.mode(), random)
              .decidingAs(recorded.decisions())
              .execution(batch);
      out = executions[i].forward(out).copy();
      outputs.put(layer.name(), out);
    }
    Map<String, Tensor> inputGradients = new LinkedHashMap<>();
    if (isForwardOnly(recorded) || hasOtherScores(network, recorded)) {
      return new LayerTrace(outputs, inputGradients);
    }
    Tensor gradient = lossGradient(network.spec(), recorded, out);
    Tensor[] gradients = new Tensor[executions.length];
    for (int i = executions.length - 1; i >= 0; i--) {
      executions[i].backward(gradient);
      gradient = executions[i].inputGradient().copy();
      gradients[i] = gradient;
    }
    for (int i = 0; i < gradients.length; i++) {
      inputGradients.put(layers.get(i).name(), gradients[i]);
    }
    return new LayerTrace(outputs, inputGradients);
  }

  /**
   * Returns a network of one layer.
   *
   * @param place the layer's name and input
   * @param layer its settings
   * @param parameters those of the whole network, or others of the same names; shared
   */
  static Network one(
      NamedLayer place,
      Layer layer,
      Parameters parameters,
      Mode mode,
      Optional<RandomGenerator> random) {
    Chain chain = Chain.of(place.input()).append(Optional.of(place.name()), () -> layer);
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (ParameterSpec parameter : chain.parameters()) {
      own.put(parameter.name(), parameters.get(parameter.name()));
    }
    Network network = NetworkSpec.of(chain).bind(Parameters.wrap(own)).withMode(mode);
    return random.map(network::withRandom).orElse(network);
  }

  /** Returns the beginning of the random stream of a case, if it has one. */
  public static Optional<RandomGenerator> random(RecordedCase recorded) {
    return recorded.seed().isPresent()
        ? Optional.of(NumpyRandomState.seed(recorded.seed().getAsInt()))
        : Optional.empty();
  }

  /** Returns what the loss of a case compares the scores with, if it has a loss. */
  public static Optional<Targets> targets(RecordedCase recorded) {
    if (recorded.hasInput("labels")) {
      return Optional.of(Targets.labels(recorded.input("labels")));
    }
    return recorded.hasInput("targets")
        ? Optional.of(Targets.values(recorded.input("targets")))
        : Optional.empty();
  }

  /** Returns whether a case has neither targets nor an upstream gradient: it has no gradients. */
  public static boolean isForwardOnly(RecordedCase recorded) {
    return targets(recorded).isEmpty() && !recorded.hasInput("upstream");
  }

  /** Returns the network in the case's mode, at the beginning of the case's random stream. */
  public static Network running(Network network, RecordedCase recorded) {
    Network inMode = network.withMode(recorded.mode()).decidingAs(recorded.decisions());
    return random(recorded).map(inMode::withRandom).orElse(inMode);
  }

  /**
   * Returns whether the recorded scores have another shape than Java's, as has their gradient: then
   * there is nothing to compute other gradients from.
   */
  public static boolean hasOtherScores(Network network, RecordedCase recorded) {
    Expectation scores = recorded.expected().get("scores");
    Shape ours = network.spec().output().prepend(network.spec().batchSize(recorded.input("x")));
    return scores != null
        && !scores.value().shape().equals(ours)
        && recorded.hasInput("upstream")
        && recorded.input("upstream").shape().equals(scores.value().shape());
  }

  private static Tensor lossGradient(NetworkSpec spec, RecordedCase recorded, Tensor scores) {
    Optional<Targets> targets = targets(recorded);
    if (targets.isEmpty()) {
      return upstream(recorded, scores.shape());
    }
    Loss loss =
        spec.loss()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "case '" + recorded.name() + "': expected a network with a loss: " + spec));
    Tensor gradient = Tensor.zeros(scores.shape());
    loss.evaluate(scores, targets.get(), gradient);
    return gradient;
  }

  private static Tensor upstream(RecordedCase recorded, Shape scores) {
    Tensor upstream = recorded.input("upstream");
    if (!upstream.shape().equals(scores)) {
      throw new IllegalArgumentException(
          "case '"
              + recorded.name()
              + "': upstream: expected shape "
              + scores
              + " but got "
              + upstream.shape());
    }
    return upstream;
  }
}
