package org.allclose.internal.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.internal.network.NetworkResults;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Targets;
import org.allclose.loss.WeightedLoss;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * What each layer of a network gives for the batch of a case, forward and backward.
 *
 * <p>The layers are not computed together; the bits are those of the network as a whole.
 *
 * @param outputs each layer's output by the layer's name, first layer first
 * @param inputGradients the gradient of the loss with respect to each layer's input, likewise; none
 *     where the case has nothing to compute them from, or the recorded scores have another shape
 */
public record LayerTrace(Map<String, Tensor> outputs, Map<String, Tensor> inputGradients) {

  /** Returns the first output of the network. */
  public Tensor scores(NetworkSpec spec) {
    return outputs.get(spec.outputs().get(0));
  }

  /** Runs the case of a network. */
  public static LayerTrace of(Network network, RecordedCase recorded) {
    Network tracing = running(network, recorded).tracing();
    Map<String, Tensor> inputs = inputs(network.spec(), recorded);
    if (isForwardOnly(recorded) || hasOtherScores(network, recorded)) {
      return new LayerTrace(tracing.outputs(inputs), Map.of());
    }
    Evaluation evaluation = evaluate(tracing, recorded);
    return new LayerTrace(evaluation.layerOutputs(), evaluation.layerInputGradients());
  }

  /** Runs a network forward and backward from the targets or the upstream gradient of a case. */
  public static Evaluation evaluate(Network network, RecordedCase recorded) {
    Map<String, Tensor> inputs = inputs(network.spec(), recorded);
    Optional<Targets> targets = targets(recorded);
    return targets.isPresent()
        ? network.evaluate(inputs, targets.get())
        : network.backward(inputs, upstream(network.spec(), recorded));
  }

  /** Returns the inputs of a case by the names of the network's. */
  public static Map<String, Tensor> inputs(NetworkSpec spec, RecordedCase recorded) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Graph.Input input : spec.inputs()) {
      inputs.put(input.name(), recorded.input(NetworkResults.recordedName(spec, input)));
    }
    return inputs;
  }

  /** Returns the gradient of the scores that a case has recorded, by their name. */
  public static Map<String, Tensor> upstream(NetworkSpec spec, RecordedCase recorded) {
    Tensor upstream = recorded.input("upstream");
    Shape scores = spec.output().prepend(spec.batchSize(inputs(spec, recorded)));
    if (!upstream.shape().equals(scores)) {
      throw new IllegalArgumentException(
          "case '"
              + recorded.name()
              + "': upstream: expected shape "
              + scores
              + " but got "
              + upstream.shape());
    }
    return Map.of(spec.outputs().get(0), upstream);
  }

  /**
   * Runs one layer on a batch.
   *
   * @param place the layer's name
   * @param layer its settings
   * @param parameters those of the whole network, or others of the same names; shared
   * @param inputs not modified; nothing for a layer that takes nothing
   * @param batch the number of samples
   */
  public static Tensor run(
      Node place,
      Layer layer,
      Parameters parameters,
      Mode mode,
      List<Tensor> inputs,
      int batch,
      Optional<NumpyRandomState> random) {
    List<Graph.Input> given = new ArrayList<>();
    Map<String, Tensor> batches = new LinkedHashMap<>();
    for (Tensor input : inputs) {
      String name = "in" + given.size();
      boolean isTokens = layer.takesTokens(given.size(), inputs.size());
      given.add(new Graph.Input(name, input.shape().dropFirst(), isTokens));
      batches.put(name, input);
    }
    List<String> names = given.stream().map(Graph.Input::name).toList();
    if (given.isEmpty()) {
      given.add(new Graph.Input("in0", Shape.of(1), false)); // a network has at least one
      batches.put("in0", Tensor.zeros(batch, 1));
    }
    Graph graph = Graph.of(given).append(Optional.of(place.name()), names, () -> layer);
    Map<String, Tensor> own = new LinkedHashMap<>();
    for (ParameterSpec parameter : graph.parameters()) {
      own.put(parameter.name(), parameters.get(parameter.name()));
    }
    List<String> outputs = new ArrayList<>(List.of(place.name()));
    outputs.addAll(names.isEmpty() ? List.of("in0") : List.of()); // else nothing would take it
    Network network = NetworkSpec.of(graph, outputs).bind(Parameters.wrap(own)).withMode(mode);
    Network running = random.isPresent() ? network.withRandom(random.get()) : network;
    return running.execution(batch).forward(batches).copy();
  }

  /** Returns the beginning of the random stream of a case, if it has one. */
  public static Optional<NumpyRandomState> random(RecordedCase recorded) {
    return recorded.seed().isPresent()
        ? Optional.of(NumpyRandomState.seed(recorded.seed().getAsInt()))
        : Optional.empty();
  }

  /**
   * Returns what the loss of a case compares the scores with, if it has a loss: the inputs {@code
   * labels} or {@code targets}, those of several losses {@code labels/OUTPUT} or {@code
   * targets/OUTPUT}.
   */
  public static Optional<Targets> targets(RecordedCase recorded) {
    Map<String, Targets> byOutput = new LinkedHashMap<>();
    for (WeightedLoss loss : recorded.network().map(n -> n.spec().losses()).orElse(List.of())) {
      String labels = "labels/" + loss.output();
      String values = "targets/" + loss.output();
      if (recorded.hasInput(labels)) {
        byOutput.put(loss.output(), Targets.labels(recorded.input(labels)));
      } else if (recorded.hasInput(values)) {
        byOutput.put(loss.output(), Targets.values(recorded.input(values)));
      }
    }
    if (!byOutput.isEmpty()) {
      return Optional.of(Targets.byOutput(byOutput));
    }
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
    Optional<NumpyRandomState> random = random(recorded);
    return random.isPresent() ? inMode.withRandom(random.get()) : inMode;
  }

  /**
   * Returns whether the recorded scores have another shape than Java's, as has their gradient: then
   * there is nothing to compute other gradients from.
   */
  public static boolean hasOtherScores(Network network, RecordedCase recorded) {
    Expectation scores = recorded.expected().get("scores");
    Shape ours =
        network.spec().output().prepend(network.spec().batchSize(inputs(network.spec(), recorded)));
    return scores != null
        && !scores.shape().equals(ours)
        && recorded.hasInput("upstream")
        && recorded.input("upstream").shape().equals(scores.shape());
  }
}
