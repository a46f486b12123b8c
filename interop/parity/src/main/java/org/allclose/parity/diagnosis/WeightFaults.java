package org.allclose.parity.diagnosis;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.AxisRole;
import org.allclose.layer.Layer;
import org.allclose.layer.Node;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Conv2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Mistakes with the order of what is in the weights of dense layers and convolutions. */
final class WeightFaults {
  private static final String[] IMAGE_AXES = {"channel", "height", "width"};

  private WeightFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    Layer layer = suspect.layer();
    if (!(layer instanceof Dense || layer instanceof Conv2d) || !suspect.has("W")) {
      return Stream.empty();
    }
    return Stream.of(transposed(suspect), flattened(suspect), bgr(suspect), flipped(suspect))
        .flatMap(candidates -> candidates);
  }

  /** Every order of W's axes that leaves its shape as it is. */
  private static Stream<Candidate> transposed(Suspect suspect) {
    Tensor weights = suspect.parameter("W");
    return Permutations.ofAxes(weights.shape().rank())
        .filter(axes -> Permutations.shape(weights.shape(), axes).equals(weights.shape()))
        .map(
            axes ->
                Candidate.of(
                    weights.shape().rank() == 2
                        ? "the weights are transposed: W.T gives what was recorded"
                        : "the weights have their axes in another order: W.transpose"
                            + Shape.of(axes)
                            + " gives what was recorded",
                    () -> suspect.with("W", Axes.transpose(weights, axes))));
  }

  /** The rows of a dense layer behind images in every other order of the images' axes. */
  private static Stream<Candidate> flattened(Suspect suspect) {
    Optional<Shape> image = image(suspect);
    if (!(suspect.layer() instanceof Dense) || image.isEmpty()) {
      return Stream.empty();
    }
    Tensor weights = suspect.parameter("W");
    Shape ours = Axes.append(image.get(), weights.shape().axis(1));
    return Permutations.ofAxes(3)
        .flatMap(
            axes -> {
              int[] order = {axes[0], axes[1], axes[2], 3};
              Shape theirs = Permutations.shape(ours, order);
              String named = named(axes);
              return Stream.of(
                  Candidate.of(
                      "the channel order is swapped: the rows of W are in the order "
                          + named
                          + (named.endsWith("channel)")
                              ? ", as channels-last frameworks flatten"
                              : "")
                          + ", not "
                          + named(new int[] {0, 1, 2}),
                      () ->
                          suspect.with(
                              "W",
                              Axes.transpose(
                                      weights.copy().reshape(theirs), Permutations.inverse(order))
                                  .reshape(weights.shape()))),
                  Candidate.of(
                      "the channel order is swapped: the recording flattens "
                          + named
                          + ", but the rows of W are in the order "
                          + named(new int[] {0, 1, 2}),
                      () ->
                          suspect.with(
                              "W",
                              Axes.transpose(weights.copy().reshape(ours), order)
                                  .reshape(weights.shape()))));
            });
  }

  /** The channels of images from last to first. */
  private static Stream<Candidate> bgr(Suspect suspect) {
    Tensor weights = suspect.parameter("W");
    Optional<Shape> image = image(suspect);
    if (image.isEmpty()) {
      return Stream.empty();
    }
    boolean dense = suspect.layer() instanceof Dense;
    Tensor blocks =
        dense ? weights.copy().reshape(Axes.append(image.get(), weights.shape().axis(1))) : weights;
    return Stream.of(
        Candidate.of(
            "the channel order is swapped: last to first, as BGR is of RGB",
            () -> suspect.with("W", Axes.reverse(blocks, dense ? 0 : 1).reshape(weights.shape()))));
  }

  /** The convolution of mathematics, which turns the kernel around. */
  private static Stream<Candidate> flipped(Suspect suspect) {
    return suspect.layer() instanceof Conv2d
        ? Stream.of(
            Candidate.of(
                "the kernels are flipped: the recording convolves, it does not correlate",
                () -> suspect.with("W", Axes.reverse(Axes.reverse(suspect.parameter("W"), 2), 3))))
        : Stream.empty();
  }

  /** Returns the shape of the images that a layer's input was before it was flattened, if any. */
  static Optional<Shape> image(Suspect suspect) {
    if (suspect.layer() instanceof Dense dense && dense.last()) {
      return Optional.empty(); // its weights are of one axis, whatever was an image before
    }
    Shape input = suspect.place().input();
    if (input.rank() == 3) {
      return Optional.of(input);
    }
    for (Node layer : suspect.before()) {
      if (mixes(layer) || layer.output().size() != input.size()) {
        return Optional.empty();
      }
      if (layer.input().rank() == 3 && layer.input().size() == input.size()) {
        return Optional.of(layer.input());
      }
    }
    return Optional.empty();
  }

  /** Returns whether each output of a layer is a sum over its inputs. */
  private static boolean mixes(Node layer) {
    return layer.parameters().stream()
        .anyMatch(parameter -> parameter.axes().contains(AxisRole.IN));
  }

  private static String named(int[] axes) {
    return "(" + String.join(", ", Arrays.stream(axes).mapToObj(i -> IMAGE_AXES[i]).toList()) + ")";
  }
}
