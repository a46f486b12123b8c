package org.allclose.parity.diagnosis;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Conv2d;
import org.allclose.parity.recording.Difference;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** Classes, channels, features and axes of outputs in another order. */
final class OrderFaults {

  /** More channels are not tried in all orders. */
  private static final int MOST_CHANNELS = 4;

  /** How many features are looked for in what was recorded of as many samples. */
  private static final int MOST_FEATURES = 256;

  /** How near rows of W that are found must be to those there are, before they are tried. */
  private static final double FOUND = 1e-4;

  private OrderFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return Stream.of(units(suspect), channels(suspect), features(suspect), axes(suspect))
        .flatMap(candidates -> candidates);
  }

  /** The units of a layer with weights, found by what each gives. */
  private static Stream<Candidate> units(Suspect suspect) {
    Tensor expected = suspect.expected();
    Tensor actual = suspect.actual();
    if (!(suspect.layer() instanceof Dense || suspect.layer() instanceof Conv2d)
        || !isComparable(suspect)) {
      return Stream.empty();
    }
    return Permutations.matching(
            Permutations.unitsOf(expected), Permutations.unitsOf(actual), near(expected))
        .stream()
        .map(
            order ->
                Candidate.of(
                    Permutations.text(things(suspect), "of the output", order),
                    () -> Axes.take(actual, 1, order)));
  }

  /** Returns what people call the units of a layer. */
  private static String things(Suspect suspect) {
    String scores = suspect.stretch().network().spec().outputs().get(0);
    if (suspect.place().output().rank() == 3) {
      return "channels";
    }
    return suspect.place().name().equals(scores) && suspect.recorded().hasInput("labels")
        ? "classes"
        : "units";
  }

  /** The channels of images, in all orders if they are few. */
  private static Stream<Candidate> channels(Suspect suspect) {
    Shape input = suspect.place().input();
    if (!(suspect.layer() instanceof Conv2d) || input.axis(0) > MOST_CHANNELS) {
      return Stream.empty();
    }
    return Permutations.ofAxes(input.axis(0))
        .map(
            order ->
                Candidate.of(
                    Permutations.text("channels", "of the input", order),
                    () -> suspect.withInput(Axes.take(suspect.input(), 1, order))));
  }

  /** The features of a dense layer: reversed, two exchanged, or found where samples are enough. */
  private static Stream<Candidate> features(Suspect suspect) {
    if (!(suspect.layer() instanceof Dense) || suspect.place().input().rank() != 1) {
      return Stream.empty();
    }
    int features = suspect.place().input().axis(0);
    int[] reversed = IntStream.range(0, features).map(i -> features - 1 - i).toArray();
    return Stream.of(
            Stream.of(reversed),
            features <= MOST_FEATURES ? exchanged(suspect) : Stream.<int[]>empty(),
            features <= MOST_FEATURES ? solved(suspect).stream() : Stream.<int[]>empty())
        .flatMap(orders -> orders)
        .map(
            order ->
                Candidate.of(
                    Permutations.text("features", "of the input", order),
                    () -> suspect.withInput(Axes.take(suspect.input(), 1, order))));
  }

  /** Finds two features i and j by the first result's error, (x[i] - x[j]) * (W[j] - W[i]). */
  private static Stream<int[]> exchanged(Suspect suspect) {
    if (!isComparable(suspect)) {
      return Stream.empty();
    }
    double error = suspect.expected().unwrap()[0] - suspect.actual().unwrap()[0];
    double[] x = suspect.input().unwrap();
    Tensor w = suspect.parameter("W");
    int features = w.shape().axis(0);
    double near = near(suspect.expected());
    Stream.Builder<int[]> orders = Stream.builder();
    for (int i = 0; i < features; i++) {
      for (int j = i + 1; j < features; j++) {
        if (Math.abs((x[i] - x[j]) * (w.get(j, 0) - w.get(i, 0)) - error) <= near) {
          int[] order = IntStream.range(0, features).toArray();
          order[i] = j;
          order[j] = i;
          orders.add(order);
        }
      }
    }
    return orders.build();
  }

  /** Finds the rows of W by which the recording was computed, where enough samples tell. */
  private static Optional<int[]> solved(Suspect suspect) {
    Tensor x = suspect.input();
    if (!isComparable(suspect) || x.shape().axis(0) < x.shape().axis(1)) {
      return Optional.empty();
    }
    Tensor bias = suspect.withInput(Tensor.zeros(x.shape()));
    Tensor products = Axes.combined(1, suspect.expected(), -1, bias);
    Tensor w = suspect.parameter("W");
    RealMatrix theirs =
        new SingularValueDecomposition(x.asMatrix()).getSolver().solve(products.asMatrix());
    return Permutations.matching(
            theirs.getData(), w.asMatrix().getData(), FOUND * Difference.largestFinite(w))
        .map(Permutations::inverse);
  }

  private static boolean isComparable(Suspect suspect) {
    return suspect.isDirect()
        && suspect.has("W")
        && suspect.expected().shape().equals(suspect.actual().shape())
        && Double.isFinite(Difference.between(suspect.expected(), suspect.actual()).absolute());
  }

  /** The axes of what the layer gives in another order, or those before they were flattened. */
  private static Stream<Candidate> axes(Suspect suspect) {
    Tensor output = suspect.output();
    Stream<Candidate> turned =
        Permutations.ofAxes(output.shape().rank() - 1)
            .map(OrderFaults::behindSamples)
            .map(
                axes ->
                    Candidate.of(
                        "the recorded output has its axes in another order: transpose"
                            + Shape.of(Permutations.inverse(axes))
                            + " gives the network's",
                        () -> suspect.withOutput(Axes.transpose(output, axes))));
    if (!(suspect.layer() instanceof Flatten || suspect.layer() instanceof Reshape)) {
      return turned;
    }
    Tensor input = suspect.input();
    Stream<Candidate> before =
        Permutations.ofAxes(input.shape().rank() - 1)
            .map(OrderFaults::behindSamples)
            .map(
                axes ->
                    Candidate.of(
                        "the recording has the axes in another order before it reshapes:"
                            + " x.transpose"
                            + Shape.of(axes),
                        () ->
                            suspect.withOutput(
                                Axes.transpose(input, axes).reshape(output.shape()))));
    return Stream.concat(before, turned);
  }

  private static int[] behindSamples(int... axes) {
    return IntStream.concat(IntStream.of(0), IntStream.of(axes).map(axis -> axis + 1)).toArray();
  }

  private static double near(Tensor expected) {
    return Precision.of(expected).rounding() * Difference.largestFinite(expected);
  }
}
