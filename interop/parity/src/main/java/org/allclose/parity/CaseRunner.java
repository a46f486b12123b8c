package org.allclose.parity;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.internal.message.Excerpt;
import org.allclose.internal.network.NetworkResults;
import org.allclose.internal.trace.Kinks;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Tensor;

/**
 * Computes a recorded case anew with this library's networks and compares every tensor.
 *
 * <p>A case of a network computes its scores, loss, accuracy, gradients and layers' outputs; a case
 * of a function, what the reference's function of that name gives.
 */
public final class CaseRunner {
  private CaseRunner() {}

  /**
   * Returns whether this library can compute a case: it is of a network, or of one of the
   * reference's functions. Any other function's is for a parity test to compute.
   */
  public static boolean knows(RecordedCase recorded) {
    return recorded.network().isPresent() || ReferenceFunction.of(recorded).isPresent();
  }

  /**
   * Replays a case.
   *
   * @throws IllegalArgumentException if the case is of an unknown function, lacks an input, expects
   *     a tensor that is not computed, or has inputs that do not fit
   */
  public static CaseReport run(RecordedCase recorded) {
    ParityCase replay = new ParityCase(recorded);
    into(replay);
    return replay.report();
  }

  /**
   * Computes a case and makes all its comparisons; where decisions fell the other way in the
   * recording by rounding, with those.
   */
  static void into(ParityCase replay) {
    compare(replay);
    CaseReport report = replay.compared();
    if (!report.matches()) {
      Kinks kinks = Kinks.of(replay.recorded(), report);
      if (!kinks.isEmpty()) {
        ParityCase again = new ParityCase(replay.recorded().withDecisions(kinks.decisions()));
        compare(again);
        replay.settle(kinks.lines(), again);
      }
    }
  }

  private static void compare(ParityCase replay) {
    RecordedCase recorded = replay.recorded();
    Map<String, Tensor> results =
        recorded.network().isPresent() ? network(replay) : function(recorded).results(recorded);
    boolean forwardOnly =
        recorded.network().filter(n -> LayerTrace.hasOtherScores(n, recorded)).isPresent();
    for (String name : recorded.expected().keySet()) {
      if (!forwardOnly || results.containsKey(name)) {
        replay.expect(name, find("tensors", name, results, recorded));
      }
    }
  }

  private static Tensor find(
      String what, String name, Map<String, Tensor> results, RecordedCase recorded) {
    Tensor result = results.get(name);
    if (result == null) {
      throw new IllegalArgumentException(
          "case '"
              + recorded.name()
              + "': expected "
              + what
              + " among "
              + Excerpt.of(results.keySet())
              + " but got '"
              + name
              + "'");
    }
    return result;
  }

  private static ReferenceFunction function(RecordedCase recorded) {
    return ReferenceFunction.of(recorded)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "case '"
                        + recorded.name()
                        + "': function: expected one of "
                        + ReferenceFunction.names()
                        + " but got '"
                        + recorded.function().orElseThrow()
                        + "'"));
  }

  /**
   * What this library computes for the case of a network.
   *
   * @param tensors by the names that a case expects them under
   * @param trace what each layer gives, if the case has recorded any
   */
  record Results(Map<String, Tensor> tensors, LayerTrace trace) {}

  /** Computes everything that the case of a network can expect. */
  static Results results(RecordedCase recorded) {
    Network network = recorded.network().orElseThrow();
    boolean traced = !recorded.outputs().isEmpty() || !recorded.inputGradients().isEmpty();
    LayerTrace trace =
        traced ? LayerTrace.of(network, recorded) : new LayerTrace(Map.of(), Map.of());
    return new Results(tensors(LayerTrace.running(network, recorded), recorded), trace);
  }

  /**
   * Computes the same in one run, layer by layer. {@link #results} has a second one, to see that
   * layers that are computed together give the same.
   */
  static Results traced(RecordedCase recorded) {
    Network running = LayerTrace.running(recorded.network().orElseThrow(), recorded);
    if (LayerTrace.isForwardOnly(recorded) || LayerTrace.hasOtherScores(running, recorded)) {
      return results(recorded);
    }
    Evaluation evaluation = LayerTrace.evaluate(running.tracing(), recorded);
    return new Results(
        NetworkResults.of(running.spec(), evaluation),
        new LayerTrace(evaluation.layerOutputs(), evaluation.layerInputGradients()));
  }

  private static Map<String, Tensor> network(ParityCase replay) {
    RecordedCase recorded = replay.recorded();
    Results results = results(recorded);
    Map<String, Tensor> outputs = results.trace.outputs();
    Map<String, Tensor> inputGradients = results.trace.inputGradients();
    for (String layer : recorded.outputs().keySet()) {
      replay.expectOutput(layer, find("outputs of layers", layer, outputs, recorded));
    }
    boolean backward = !LayerTrace.hasOtherScores(recorded.network().orElseThrow(), recorded);
    for (String layer : backward ? recorded.inputGradients().keySet() : Set.<String>of()) {
      replay.expectInputGradient(
          layer, find("gradients of inputs of layers", layer, inputGradients, recorded));
    }
    return results.tensors;
  }

  private static Map<String, Tensor> tensors(Network running, RecordedCase recorded) {
    NetworkSpec spec = running.spec();
    Map<String, Tensor> inputs = LayerTrace.inputs(spec, recorded);
    if (LayerTrace.isForwardOnly(recorded) || LayerTrace.hasOtherScores(running, recorded)) {
      Map<String, Tensor> results = NetworkResults.ofForward(running, inputs);
      if (LayerTrace.isForwardOnly(recorded)) {
        requireForward(recorded, results.keySet());
      }
      return results;
    }
    Optional<Targets> targets = LayerTrace.targets(recorded);
    if (targets.isEmpty()) {
      return NetworkResults.ofUpstream(running, inputs, LayerTrace.upstream(spec, recorded));
    }
    Map<String, Tensor> results = NetworkResults.ofLoss(running, inputs, targets.get());
    if (recorded.hasInput("labels")) {
      boolean isOfScores = spec.scored().equals(spec.outputs().get(0));
      Tensor scores = results.get(isOfScores ? "scores" : spec.scored());
      OptionalInt ignored = spec.loss().map(Loss::ignoredLabel).orElse(OptionalInt.empty());
      results.put("accuracy", Tensor.scalar(targets.get().accuracy(scores, ignored)));
    }
    return results;
  }

  /** Refuses a case that expects more than comes out of a forward pass. */
  private static void requireForward(RecordedCase recorded, Set<String> results) {
    Stream<String> gradients =
        Stream.concat(
            recorded.expected().keySet().stream().filter(name -> !results.contains(name)),
            recorded.inputGradients().keySet().stream().map(TensorReport.INPUT_GRADIENT::concat));
    gradients
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "case '"
                      + recorded.name()
                      + "': '"
                      + name
                      + "': expected labels, targets or upstream among the inputs but got x alone:"
                      + " only "
                      + results
                      + " and outputs of layers are computed without");
            });
  }
}
