package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.combine.Add;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Types;

/**
 * Mistakes where several outputs come together: another operation, another order, one that is left
 * out.
 */
final class CombiningFaults {

  /** More inputs are not tried in all orders. */
  private static final int MOST_INPUTS = 4;

  private CombiningFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return suspect.inputs().size() < 2
        ? Stream.empty()
        : Stream.of(leftOut(suspect), orders(suspect), others(suspect))
            .flatMap(candidates -> candidates);
  }

  /** A sum without one of its terms. */
  private static Stream<Candidate> leftOut(Suspect suspect) {
    if (!(suspect.layer() instanceof Add)) {
      return Stream.empty();
    }
    int inputs = suspect.inputs().size();
    return IntStream.range(0, inputs)
        .mapToObj(
            left ->
                Candidate.of(
                    "the recording does not add " + name(suspect, left),
                    () -> suspect.withOutput(without(suspect, left))));
  }

  private static Tensor without(Suspect suspect, int left) {
    int[] rest =
        IntStream.range(0, suspect.inputs().size()).filter(input -> input != left).toArray();
    return rest.length == 1 ? suspect.inputs().get(rest[0]) : suspect.outputOf(new Add(), rest);
  }

  private static String name(Suspect suspect, int input) {
    String name = suspect.place().inputs().get(input);
    Graph graph = suspect.stretch().network().spec().graph();
    return graph.input(name).isPresent()
        ? "the input" + (name.equals(Graph.INPUT) ? "" : " '" + name + "'")
        : "what layer '" + name + "' gives";
  }

  /** The same operation on the inputs in another order. */
  private static Stream<Candidate> orders(Suspect suspect) {
    int inputs = suspect.inputs().size();
    if (inputs > MOST_INPUTS || suspect.layer() instanceof Add) {
      return Stream.empty();
    }
    return Permutations.ofAxes(inputs)
        .filter(order -> canTake(suspect.layer(), suspect, order))
        .map(
            order ->
                Candidate.of(
                    "the inputs are in another order: the recording takes " + names(suspect, order),
                    () -> suspect.with(suspect.layer(), order)));
  }

  private static String names(Suspect suspect, int... order) {
    return Arrays.stream(order)
        .mapToObj(suspect.place().inputs()::get)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** Every other operation that takes such inputs and gives the same shape. */
  private static Stream<Candidate> others(Suspect suspect) {
    int[] order = IntStream.range(0, suspect.inputs().size()).toArray();
    List<Candidate> candidates = new ArrayList<>();
    Types.of(Layer.class).all().stream()
        .filter(type -> !UnaryLayer.class.isAssignableFrom(type.kind()))
        .filter(type -> type != suspect.layer().type())
        .filter(type -> type.settings().isEmpty())
        .<Layer>map(type -> type.values().make())
        .filter(other -> canTake(other, suspect, order))
        .forEach(
            other ->
                candidates.add(
                    Candidate.of(
                        "another operation: the recording has "
                            + other
                            + ", the network "
                            + suspect.layer(),
                        () -> suspect.with(other, order))));
    return candidates.stream();
  }

  private static boolean canTake(Layer layer, Suspect suspect, int... order) {
    List<Shape> shapes = Arrays.stream(order).mapToObj(suspect.place().inputShapes()::get).toList();
    try {
      return layer.outputShape(shapes).equals(suspect.place().output())
          && layer.parameters(shapes).isEmpty();
    } catch (ShapeMismatchException e) {
      return false; // Not an operation on such inputs.
    }
  }
}
