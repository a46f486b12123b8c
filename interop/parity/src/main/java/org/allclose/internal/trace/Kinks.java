package org.allclose.internal.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Node;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.parity.report.CaseReport;
import org.allclose.parity.report.TensorReport;
import org.allclose.tensor.Tensor;

/**
 * Decisions that fell the other way in the recording, for inputs that differ by rounding alone: a
 * value that is just positive in one and just not in the other, two that are nearly the largest.
 *
 * <p>Outputs hardly differ there, but gradients do, by far more than rounding. With the recording's
 * own decisions Java computes what was recorded, if nothing else is wrong.
 *
 * @param decisions the recorded inputs of the layers that decide otherwise, by the layers' names
 * @param lines what to say of them
 */
public record Kinks(Map<String, Tensor> decisions, List<String> lines) {

  /** How many kinks of a layer are told one by one. */
  private static final int TOLD = 3;

  /**
   * Looks for kinks in a network's case, at the inputs of layers that were recorded as the outputs
   * of the layers before.
   *
   * @param report of the case
   */
  public static Kinks of(RecordedCase recorded, CaseReport report) {
    Kinks kinks = new Kinks(new LinkedHashMap<>(), new ArrayList<>());
    if (recorded.network().isEmpty()) {
      return kinks;
    }
    Map<String, TensorReport> outputs =
        report.layers().stream().collect(Collectors.toMap(TensorReport::name, output -> output));
    List<Node> layers = recorded.network().get().spec().layers();
    for (Node layer : layers) {
      TensorReport input = layer.inputs().size() == 1 ? outputs.get(layer.inputs().get(0)) : null;
      if (input != null
          && input.difference().isPresent()
          && input.noise().isPresent()
          && input.expectation().sampling().isEmpty()) {
        kinks.find(layer, recorded, input);
      }
    }
    return kinks;
  }

  private void find(Node layer, RecordedCase recorded, TensorReport input) {
    double[] here = slopes(layer, recorded, input.actual(), input.expected());
    double[] there = slopes(layer, recorded, input.expected(), input.expected());
    List<String> found = new ArrayList<>();
    for (int i = 0; i < here.length; i++) {
      if (here[i] != there[i]) {
        if (!input.isRounding(i)) {
          return;
        }
        found.add(
            "kink: layer '"
                + layer.name()
                + "' decides the other way at "
                + Difference.index(input.expected().shape(), i)
                + ", where its input is "
                + input.expected().unwrap()[i]
                + " as recorded and "
                + input.actual().unwrap()[i]
                + " in Java: the difference is rounding");
      }
    }
    if (!found.isEmpty()) {
      decisions.put(layer.name(), input.expected());
      lines.addAll(found.subList(0, Math.min(TOLD, found.size())));
      if (found.size() > TOLD) {
        lines.add("kink: layer '" + layer.name() + "': " + (found.size() - TOLD) + " more");
      }
    }
  }

  /**
   * Returns the gradient of the sum of a layer's outputs at one input, with the decisions that the
   * layer takes for another.
   */
  private static double[] slopes(Node layer, RecordedCase recorded, Tensor decisive, Tensor x) {
    int batch = x.shape().axis(0);
    LayerContext context =
        LayerContext.of(
            batch,
            recorded.mode(),
            LayerTrace.random(recorded).map(state -> state),
            1,
            recorded.network().orElseThrow().parameters().asMap());
    Pass pass = layer.layer().pass(context.of(layer));
    pass.forward(List.of(decisive));
    Pass nearby = pass.disturbed(RoundingErrors.none());
    nearby.forward(List.of(x));
    Tensor ones = Tensor.zeros(layer.output().prepend(batch));
    Arrays.fill(ones.unwrap(), 1);
    return nearby.backwardToInputs(ones).get(0).toArray();
  }

  public boolean isEmpty() {
    return decisions.isEmpty();
  }
}
