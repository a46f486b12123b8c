package org.allclose.parity.diagnosis;

import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.layer.Layer;
import org.allclose.layer.activation.Elu;
import org.allclose.layer.activation.LeakyRelu;
import org.allclose.layer.activation.Softmax;
import org.allclose.tensor.Tensor;

/** An activation that only one side has, or that the two have in different kinds. */
final class ActivationFaults {

  /** Slopes in use: PyTorch's and Keras's defaults, and those of GANs. */
  private static final double[] SLOPES = {0.01, 0.3, 0.2, 0.1};

  private ActivationFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return Stream.of(missing(suspect), another(suspect), slopes(suspect), behind(suspect))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> missing(Suspect suspect) {
    Layer own = suspect.layer();
    return suspect.place().parameters().isEmpty() && suspect.inputs().size() == 1
        ? Stream.of(
            Candidate.of(
                "the recording has no " + own.type().name() + " here",
                () -> suspect.withOutput(suspect.input())))
        : Stream.empty();
  }

  private static Stream<Candidate> another(Suspect suspect) {
    Layer own = suspect.layer();
    return Activation.is(own)
        ? Activation.of(suspect.input())
            .map(
                kind ->
                    Candidate.of(
                        "another activation: the recording has "
                            + kind.name()
                            + ", the network "
                            + own.type().name(),
                        () -> suspect.withOutput(kind.function().apply(suspect.input()))))
        : Stream.empty();
  }

  /** Leaky ReLU and ELU of other slopes: known ones, and the one that the recording tells. */
  private static Stream<Candidate> slopes(Suspect suspect) {
    if (!Activation.is(suspect.layer())) {
      return Stream.empty();
    }
    double leak = suspect.layer() instanceof LeakyRelu leaky ? leaky.alpha() : Double.NaN;
    double alpha = suspect.layer() instanceof Elu elu ? elu.alpha() : Double.NaN;
    return Stream.concat(
        slopes(suspect, "leakyRelu", leak, LeakyRelu::new),
        slopes(suspect, "elu", alpha, Elu::new));
  }

  private static Stream<Candidate> slopes(
      Suspect suspect, String kind, double own, DoubleFunction<Layer> layer) {
    Tensor input = suspect.input();
    Stream<Candidate> known =
        DoubleStream.of(SLOPES)
            .boxed()
            .flatMap(slope -> slope(suspect, kind, own, slope, 0, layer.apply(slope)));
    if (!suspect.isDirect() || !suspect.expected().shape().equals(input.shape())) {
      return known;
    }
    Tensor unit = Layers.apply(layer.apply(1), input);
    int[] negative = IntStream.range(0, input.size()).filter(i -> input.unwrap()[i] < 0).toArray();
    double found = Fit.factor(at(suspect.expected(), negative), at(unit, negative));
    if (!Double.isFinite(found)) {
      return known;
    }
    Stream<Candidate> meant =
        Fit.meant(found).stream()
            .flatMap(slope -> slope(suspect, kind, own, slope, 0, layer.apply(slope)));
    // What is not negative tells nothing of the slope.
    int fitted = negative.length < 2 ? input.size() : 1;
    return Stream.of(known, meant, slope(suspect, kind, own, found, fitted, layer.apply(found)))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> slope(
      Suspect suspect, String kind, double own, double slope, int fitted, Layer layer) {
    if (slope == own) {
      return Stream.empty();
    }
    String text =
        Double.isNaN(own)
            ? "another activation: the recording has "
                + kind
                + " of slope "
                + Fit.text(slope)
                + ", the network "
                + suspect.layer().type().name()
            : "another slope: the recording has "
                + kind
                + " of slope "
                + Fit.text(slope)
                + ", the network of "
                + Fit.text(own);
    return Stream.of(
        new Candidate(
            text, fitted, () -> suspect.withOutput(Layers.apply(layer, suspect.input()))));
  }

  private static Stream<Candidate> behind(Suspect suspect) {
    Layer own = suspect.layer();
    Tensor output = suspect.output();
    return Activation.of(output)
        .map(
            kind ->
                Candidate.of(
                    own instanceof Softmax && kind.name().equals(own.type().name())
                        ? "softmax is applied twice in the recording"
                        : "the recording has one more activation behind this layer: " + kind.name(),
                    () -> suspect.withOutput(kind.function().apply(output))));
  }

  private static double[] at(Tensor tensor, int... places) {
    return IntStream.of(places).mapToDouble(i -> tensor.unwrap()[i]).toArray();
  }
}
