package org.allclose.parity.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.WeightSource;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.image.Conv2d;
import org.allclose.tensor.ShapeMismatchException;

/**
 * The padding or stride of convolutions with which weights fit that do not fit a network: a dense
 * layer behind images tells of how many elements they are.
 */
final class FittingWindows {
  private final NetworkSpec spec;
  private final WeightSource weights;

  private FittingWindows(NetworkSpec spec, WeightSource weights) {
    this.spec = spec;
    this.weights = weights;
  }

  /**
   * Returns the network with the given parameters, as {@link NetworkSpec#bind}.
   *
   * @throws IllegalArgumentException as there; where a shape does not fit, it says which padding or
   *     stride would make all of them fit, if one would
   */
  static Network bind(NetworkSpec spec, WeightSource weights) {
    try {
      return spec.bind(weights);
    } catch (ShapeMismatchException e) {
      String hint = new FittingWindows(spec, weights).found().map("; "::concat).orElse("");
      throw new ShapeMismatchException(e.getMessage() + hint);
    }
  }

  /** Returns what to change in one convolution, or in the same way in all, so that weights fit. */
  private Optional<String> found() {
    List<Node> convolutions =
        spec.layers().stream()
            .filter(place -> place.layer() instanceof Conv2d)
            .filter(place -> Windowed.of(place.layer()).isPresent())
            .toList();
    Stream<Optional<String>> single =
        convolutions.stream().map(place -> found(List.of(place), "layer '" + place.name() + "'"));
    Stream<Optional<String>> all =
        Stream.of(convolutions)
            .filter(places -> places.size() > 1)
            .map(places -> found(places, "all convolutions"));
    return Stream.concat(single, all).flatMap(Optional::stream).findFirst();
  }

  private Optional<String> found(List<Node> places, String where) {
    Windowed first = Windowed.of(places.get(0).layer()).orElseThrow();
    Stream<String> paddings =
        first.paddings().stream()
            .filter(
                padding -> fits(places, conv -> conv.padding(padding.height(), padding.width())))
            .map(padding -> "padding " + padding);
    Stream<String> strides =
        first.strides().stream()
            .filter(stride -> fits(places, conv -> conv.stride(stride.height(), stride.width())))
            .map(stride -> "stride " + stride);
    return Stream.concat(paddings, strides)
        .map(setting -> "with " + setting + " in " + where + " the weights fit")
        .findFirst();
  }

  /** Returns whether the weights have the shapes of the network with some layers changed. */
  private boolean fits(List<Node> places, UnaryOperator<Conv2d> change) {
    Graph graph = Graph.of(spec.inputs());
    try {
      for (Node place : spec.layers()) {
        Layer layer = places.contains(place) ? change.apply((Conv2d) place.layer()) : place.layer();
        graph = graph.append(Optional.of(place.name()), place.inputs(), () -> layer);
      }
    } catch (IllegalArgumentException e) {
      return false; // Another layer cannot take what comes of it.
    }
    return graph.parameters().stream().allMatch(this::fits);
  }

  private boolean fits(ParameterSpec parameter) {
    return weights.names().contains(parameter.name())
        && weights.get(parameter.name()).shape().equals(parameter.shape());
  }
}
