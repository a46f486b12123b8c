package org.allclose.parity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.layer.BatchNorm;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Dense;
import org.allclose.layer.Dropout;
import org.allclose.layer.GroupNorm;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerNorm;
import org.allclose.layer.NamedLayer;
import org.allclose.tensor.Tensor;

/**
 * Says why a network gives other numbers than were recorded, where a known mistake explains it.
 *
 * <p>Each mistake is made on purpose and the result compared: it is named only if it takes away all
 * but a thousandth of the error. Of the layers, the first that diverges is looked at, on the input
 * that was recorded for it.
 */
final class Diagnosis {

  /** What part of the error may be left where a mistake explains it. */
  private static final double LEFT = 1e-3;

  /** How near the explained result must come, relative to the largest value: that of float32. */
  private static final double NEAR = 1e-6;

  private Diagnosis() {}

  /**
   * A layer that gives other numbers than were recorded.
   *
   * @param place the layer in its network
   * @param before the layers before it, first layer first
   * @param parameters those of the whole network
   * @param recorded the case
   * @param input what the layer was given: as recorded, where that is known
   * @param expected what was recorded
   * @param actual what Java gives for the same input
   */
  record Suspect(
      NamedLayer place,
      List<NamedLayer> before,
      Parameters parameters,
      RecordedCase recorded,
      Tensor input,
      Tensor expected,
      Tensor actual) {

    /** Returns one of the layer's parameters. */
    Tensor parameter(String name) {
      return parameters.get(place.name() + "/" + name);
    }

    /** Returns what the layer gives with other settings. */
    Tensor with(Layer layer) {
      return run(layer, parameters);
    }

    /** Returns what the layer gives with another value of one of its parameters. */
    Tensor with(String name, Tensor value) {
      return run(place.layer(), replaced(parameters, place.name() + "/" + name, value));
    }

    Tensor run(Layer layer, Parameters others) {
      return LayerTrace.one(place, layer, others, recorded.mode(), LayerTrace.random(recorded))
          .outputs(input)
          .values()
          .iterator()
          .next();
    }

    boolean explains(Tensor result) {
      return Diagnosis.explains(expected, actual, result);
    }
  }

  /** Returns a line for each mistake that explains something, in the order of the computation. */
  static List<String> of(RecordedCase recorded, CaseReport report) {
    List<String> hints = new ArrayList<>();
    if (recorded.network().isEmpty() || report.matches()) {
      return hints;
    }
    Network network = recorded.network().get();
    Optional<TensorReport> diverging = report.firstDivergingLayer();
    if (diverging.isPresent()) {
      String layer = "layer '" + diverging.get().name() + "': ";
      TensorReport output = diverging.get();
      suspect(network, recorded, output)
          .flatMap(suspect -> grown(suspect, output).or(() -> cause(suspect)))
          .ifPresent(cause -> hints.add(layer + cause));
    }
    boolean forward =
        diverging.isPresent()
            || report.failures().stream().anyMatch(tensor -> tensor.name().equals("scores"));
    hints.addAll(ResultFaults.of(network, recorded, report, forward));
    Precision.singlePrecision(report).ifPresent(hints::add);
    return hints;
  }

  /** Returns whether a result is so much nearer to what was recorded than Java's that it is it. */
  static boolean explains(Tensor expected, Tensor actual, Tensor result) {
    if (!expected.shape().equals(result.shape())) {
      return false;
    }
    Difference found = Difference.between(expected, result);
    double error =
        expected.shape().equals(actual.shape())
            ? Difference.between(expected, actual).absolute()
            : Double.POSITIVE_INFINITY;
    return error > 0
        && found.absolute() <= LEFT * error
        && found.absolute() <= NEAR * largest(expected);
  }

  static Parameters replaced(Parameters parameters, String name, Tensor value) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(parameters.asMap());
    tensors.put(name, value);
    return Parameters.wrap(tensors);
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (double value : tensor.unwrap()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Returns the layer with its recorded input; nothing if the shapes do not even agree. */
  private static Optional<Suspect> suspect(
      Network network, RecordedCase recorded, TensorReport report) {
    if (report.difference().isEmpty()) {
      return Optional.empty();
    }
    List<NamedLayer> layers = network.spec().layers();
    int index = 0;
    while (!layers.get(index).name().equals(report.name())) {
      index++;
    }
    Tensor input = recorded.input("x");
    if (index > 0) {
      Expectation before = recorded.outputs().get(layers.get(index - 1).name());
      input =
          before == null
              ? LayerTrace.of(network, recorded).outputs().get(layers.get(index - 1).name())
              : before.value();
    }
    NamedLayer place = layers.get(index);
    if (!input.shape().equals(place.input().prepend(recorded.input("x").shape().axis(0)))) {
      return Optional.empty();
    }
    Suspect first =
        new Suspect(
            place,
            layers.subList(0, index),
            network.parameters(),
            recorded,
            input,
            report.expected(),
            report.actual());
    Tensor actual = first.with(place.layer());
    return Optional.of(
        new Suspect(
            place, first.before, first.parameters, recorded, input, report.expected(), actual));
  }

  /** Tells a layer that does nothing wrong: the error is that of the layers before it. */
  private static Optional<String> grown(Suspect suspect, TensorReport output) {
    Difference own = Difference.between(suspect.expected, suspect.actual);
    // Zeros of the other sign are no error of its own either.
    return own.absolute() == 0 || output.accepts(suspect.actual)
        ? Optional.of(
            "matches on the input recorded for it; the difference has grown in the layers before")
        : Optional.empty();
  }

  private static Optional<String> cause(Suspect suspect) {
    Layer layer = suspect.place().layer();
    Optional<String> cause = Optional.empty();
    if (layer instanceof Dense || layer instanceof Conv2d) {
      cause = WeightFaults.of(suspect);
    } else if (layer instanceof BatchNorm
        || layer instanceof LayerNorm
        || layer instanceof GroupNorm) {
      cause = NormalizationFaults.of(suspect);
    } else if (layer instanceof Dropout dropout) {
      cause = DropoutFaults.of(dropout, suspect);
    }
    return cause.or(() -> ActivationFaults.of(suspect));
  }
}
