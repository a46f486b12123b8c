package org.allclose.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Dense;
import org.allclose.layer.NamedLayer;
import org.allclose.parity.Diagnosis.Suspect;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.Axes;

/** Mistakes with the weights and biases of dense layers and convolutions. */
final class WeightFaults {
  private WeightFaults() {}

  static Optional<String> of(Suspect suspect) {
    return transposed(suspect)
        .or(() -> channelOrder(suspect))
        .or(() -> reversedChannels(suspect))
        .or(() -> flipped(suspect))
        .or(() -> bias(suspect));
  }

  /** Tries every order of W's axes that leaves its shape as it is. */
  private static Optional<String> transposed(Suspect suspect) {
    Tensor weights = suspect.parameter("W");
    for (int[] axes : orders(weights.shape())) {
      Tensor turned = Axes.transpose(weights, axes);
      if (suspect.explains(suspect.with("W", turned))) {
        return Optional.of(
            weights.shape().rank() == 2
                ? "the weights are transposed: W.T gives what was recorded"
                : "the weights have their axes in another order: W.transpose"
                    + Shape.of(axes)
                    + " gives what was recorded");
      }
    }
    return Optional.empty();
  }

  /** Tries the rows of a dense layer behind images in the order of channels-last frameworks. */
  private static Optional<String> channelOrder(Suspect suspect) {
    Optional<Shape> image = image(suspect);
    if (!(suspect.place().layer() instanceof Dense) || image.isEmpty()) {
      return Optional.empty();
    }
    Tensor weights = suspect.parameter("W");
    Shape shape = image.get();
    int units = weights.shape().axis(1);
    Shape channelsLast = Shape.of(shape.axis(1), shape.axis(2), shape.axis(0), units);
    Tensor ours = Axes.transpose(weights.copy().reshape(channelsLast), 2, 0, 1, 3);
    if (suspect.explains(suspect.with("W", ours.reshape(weights.shape())))) {
      return Optional.of(
          "the channel order is swapped: the rows of W are in the order (height, width, channel),"
              + " as channels-last frameworks flatten, not (channel, height, width)");
    }
    Tensor theirs = Axes.transpose(weights.copy().reshape(Axes.append(shape, units)), 1, 2, 0, 3);
    if (suspect.explains(suspect.with("W", theirs.reshape(weights.shape())))) {
      return Optional.of(
          "the channel order is swapped: the recording flattens (height, width, channel), but the"
              + " rows of W are in the order (channel, height, width)");
    }
    return Optional.empty();
  }

  /** Tries the channels of images from last to first, as BGR is of RGB. */
  private static Optional<String> reversedChannels(Suspect suspect) {
    Tensor weights = suspect.parameter("W");
    Optional<Shape> image = image(suspect);
    if (image.isEmpty()) {
      return Optional.empty();
    }
    boolean dense = suspect.place().layer() instanceof Dense;
    Tensor blocks =
        dense ? weights.copy().reshape(Axes.append(image.get(), weights.shape().axis(1))) : weights;
    Tensor reversed = Axes.reverse(blocks, dense ? 0 : 1).reshape(weights.shape());
    return suspect.explains(suspect.with("W", reversed))
        ? Optional.of("the channel order is swapped: last to first, as BGR is of RGB")
        : Optional.empty();
  }

  /** Tries the convolution of mathematics, which turns the kernel around. */
  private static Optional<String> flipped(Suspect suspect) {
    if (!(suspect.place().layer() instanceof Conv2d)) {
      return Optional.empty();
    }
    Tensor turned = Axes.reverse(Axes.reverse(suspect.parameter("W"), 2), 3);
    return suspect.explains(suspect.with("W", turned))
        ? Optional.of("the kernels are flipped: the recording convolves, it does not correlate")
        : Optional.empty();
  }

  private static Optional<String> bias(Suspect suspect) {
    boolean hasBias =
        suspect.place().layer() instanceof Dense dense
            ? dense.bias()
            : ((Conv2d) suspect.place().layer()).bias();
    if (hasBias) {
      Tensor none = Tensor.zeros(suspect.parameter("b").shape());
      return suspect.explains(suspect.with("b", none))
          ? Optional.of("a bias is missing: the recording does not add b")
          : Optional.empty();
    }
    Tensor constant = Axes.meanOfUnits(suspect.expected(), suspect.actual());
    return suspect.explains(Axes.addToUnits(suspect.actual(), constant))
        ? Optional.of(
            "a bias is missing: the recording adds one number to each unit, but the layer has no"
                + " bias")
        : Optional.empty();
  }

  /** Returns the shape of the images that a layer's input was before it was flattened, if any. */
  private static Optional<Shape> image(Suspect suspect) {
    Shape input = suspect.place().input();
    if (input.rank() == 3) {
      return Optional.of(input);
    }
    for (int i = suspect.before().size() - 1; i >= 0; i--) {
      NamedLayer layer = suspect.before().get(i);
      if (layer.layer() instanceof Dense || layer.output().size() != input.size()) {
        return Optional.empty();
      }
      if (layer.input().rank() == 3 && layer.input().size() == input.size()) {
        return Optional.of(layer.input());
      }
    }
    return Optional.empty();
  }

  /** Returns all orders of the axes but the present one that give the same shape. */
  private static List<int[]> orders(Shape shape) {
    List<int[]> orders = new ArrayList<>();
    collect(shape, new int[shape.rank()], 0, orders);
    orders.remove(0); // The first is the identity: axes are tried in increasing order.
    return orders;
  }

  private static void collect(Shape shape, int[] axes, int count, List<int[]> orders) {
    if (count == axes.length) {
      orders.add(axes.clone());
      return;
    }
    for (int axis = 0; axis < axes.length; axis++) {
      int candidate = axis;
      boolean used =
          java.util.Arrays.stream(axes, 0, count).anyMatch(earlier -> earlier == candidate);
      if (!used && shape.axis(axis) == shape.axis(count)) {
        axes[count] = axis;
        collect(shape, axes, count + 1, orders);
      }
    }
  }
}
