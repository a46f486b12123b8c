package org.allclose.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.layer.AveragePool2d;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Layer;
import org.allclose.layer.MaxPool2d;
import org.allclose.layer.Pair;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.weights.Axes;

/** Another padding or stride of convolutions and pools, also one that gives another shape. */
final class WindowFaults {

  /** Strides that are tried where the windows are smaller. */
  private static final int STRIDES = 3;

  private WindowFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return Windowed.of(suspect.layer()).stream()
        .flatMap(
            windowed ->
                Stream.concat(
                    another(suspect, windowed).stream(), otherPool(suspect, windowed).stream()));
  }

  /** Every padding and stride that gives the shape that was recorded. */
  private static List<Candidate> another(Suspect suspect, Windowed windowed) {
    List<Candidate> candidates = new ArrayList<>();
    for (Pair stride : strides(windowed)) {
      for (Padding padding : paddings(suspect.place().input(), windowed, stride)) {
        boolean isOwn = stride.equals(windowed.stride) && padding.isAround(windowed.padding);
        if (!isOwn && fits(suspect, windowed, stride, padding)) {
          String text = text(windowed, stride, padding);
          if (windowed.layer instanceof AveragePool2d && !padding.isAround(Pair.of(0))) {
            candidates.add(
                Candidate.of(
                    text + " and does not count it",
                    () -> mean(suspect, windowed, stride, padding)));
          }
          candidates.add(Candidate.of(text, () -> padded(suspect, windowed, stride, padding)));
        }
      }
    }
    return candidates;
  }

  private static List<Candidate> otherPool(Suspect suspect, Windowed windowed) {
    Optional<Layer> other =
        windowed.layer instanceof MaxPool2d max
            ? Optional.of(new AveragePool2d(max.size(), max.stride(), max.exact()))
            : windowed.layer instanceof AveragePool2d average
                ? Optional.of(new MaxPool2d(average.size(), average.stride(), average.exact()))
                : Optional.empty();
    return other.stream()
        .map(
            pool ->
                Candidate.of(
                    "another pool: the recording has a "
                        + pool.type()
                        + ", the network a "
                        + windowed.layer.type(),
                    () -> suspect.with(pool)))
        .toList();
  }

  private static List<Pair> strides(Windowed windowed) {
    List<Pair> strides = new ArrayList<>(List.of(windowed.stride, windowed.size));
    int most = Math.max(STRIDES, Math.max(windowed.size.height(), windowed.size.width()));
    for (int stride = 1; stride <= most; stride++) {
      strides.add(Pair.of(stride));
    }
    return strides.stream().distinct().toList();
  }

  private static List<Padding> paddings(Shape input, Windowed windowed, Pair stride) {
    Pair size = windowed.size;
    List<Padding> paddings = new ArrayList<>(List.of(Padding.around(windowed.padding)));
    for (int margin = 0; margin <= Math.max(size.height(), size.width()) / 2; margin++) {
      paddings.add(Padding.around(Pair.of(margin)));
    }
    paddings.add(Padding.around(new Pair(size.height() / 2, size.width() / 2)));
    paddings.add(Padding.same(input, size, stride));
    paddings.add(Padding.beyond(input, size, stride, windowed.padding));
    return paddings.stream().distinct().toList();
  }

  /** Returns whether settings give the shape that was recorded, or that the next layer takes. */
  private static boolean fits(Suspect suspect, Windowed windowed, Pair stride, Padding padding) {
    Shape input = suspect.place().input();
    int height = padding.top + input.axis(1) + padding.bottom - windowed.size.height();
    int width = padding.left + input.axis(2) + padding.right - windowed.size.width();
    Shape output =
        Shape.of(
            suspect.place().output().axis(0),
            Math.floorDiv(height, stride.height()) + 1,
            Math.floorDiv(width, stride.width()) + 1);
    return height >= 0
        && width >= 0
        && (suspect.isDirect()
            ? suspect.expected().shape().isBatchOf(output)
            : suspect.place().output().equals(output));
  }

  private static Tensor padded(Suspect suspect, Windowed windowed, Pair stride, Padding padding) {
    double outside = windowed.layer instanceof MaxPool2d ? Double.NEGATIVE_INFINITY : 0;
    return suspect.with(windowed.unpadded(stride), padding.of(suspect.input(), outside));
  }

  /** Returns the means of what lies in the windows, without the padding. */
  private static Tensor mean(Suspect suspect, Windowed windowed, Pair stride, Padding padding) {
    Layer pool = windowed.unpadded(stride);
    Tensor means = Layers.apply(pool, padding.of(suspect.input(), 0));
    Tensor ones = Axes.map(suspect.input(), x -> 1);
    Tensor parts = Layers.apply(pool, padding.of(ones, 0));
    for (int i = 0; i < means.size(); i++) {
      means.unwrap()[i] /= parts.unwrap()[i];
    }
    return suspect.withOutput(means);
  }

  private static String text(Windowed windowed, Pair stride, Padding padding) {
    String recorded = "";
    String own = "";
    if (!stride.equals(windowed.stride)) {
      recorded = " strides " + stride;
      own = " strides " + windowed.stride;
    }
    if (!padding.isAround(windowed.padding)) {
      recorded += (recorded.isEmpty() ? "" : " and") + " pads " + padding.text;
      own += (own.isEmpty() ? "" : " and") + " pads " + windowed.padding;
    }
    String what =
        stride.equals(windowed.stride)
            ? "padding"
            : padding.isAround(windowed.padding) ? "stride" : "stride and padding";
    return "another " + what + ": the recording" + recorded + ", the network" + own;
  }

  /**
   * A layer that looks at windows of images.
   *
   * @param size rows and columns of a window
   */
  private record Windowed(Layer layer, Pair size, Pair stride, Pair padding) {
    static Optional<Windowed> of(Layer layer) {
      if (layer instanceof Conv2d conv) {
        return Optional.of(new Windowed(conv, conv.kernel(), conv.stride(), conv.padding()));
      }
      if (layer instanceof MaxPool2d pool) {
        return Optional.of(new Windowed(pool, pool.size(), pool.stride(), Pair.of(0)));
      }
      return layer instanceof AveragePool2d pool
          ? Optional.of(new Windowed(pool, pool.size(), pool.stride(), Pair.of(0)))
          : Optional.empty();
    }

    Layer unpadded(Pair other) {
      if (layer instanceof Conv2d conv) {
        return conv.padding(0).stride(other.height(), other.width()).exact(false);
      }
      return layer instanceof MaxPool2d
          ? new MaxPool2d(size, other, false)
          : new AveragePool2d(size, other, false);
    }
  }

  /**
   * Rows and columns around an image.
   *
   * @param text how it is told
   */
  private record Padding(int top, int bottom, int left, int right, String text) {
    static Padding around(Pair both) {
      return new Padding(both.height(), both.height(), both.width(), both.width(), both.toString());
    }

    /** As Keras pads to {@code ceil(length / stride)} windows: more at the end than before. */
    static Padding same(Shape input, Pair size, Pair stride) {
      int height = same(input.axis(1), size.height(), stride.height());
      int width = same(input.axis(2), size.width(), stride.width());
      int top = height / 2;
      int left = width / 2;
      return sides(top, height - top, left, width - left, "'same'");
    }

    /** As windows that reach beyond the end count in PyTorch's ceil_mode. */
    static Padding beyond(Shape input, Pair size, Pair stride, Pair own) {
      int height = input.axis(1) + 2 * own.height() - size.height();
      int width = input.axis(2) + 2 * own.width() - size.width();
      return sides(
          own.height(),
          own.height() + Math.floorMod(-height, stride.height()),
          own.width(),
          own.width() + Math.floorMod(-width, stride.width()),
          "for windows that reach beyond the input (ceil_mode)");
    }

    private static int same(int length, int size, int stride) {
      return Math.max(((length - 1) / stride) * stride + size - length, 0);
    }

    /** Returns margins, which are told by their reason unless they are the same on both sides. */
    private static Padding sides(int top, int bottom, int left, int right, String reason) {
      return top == bottom && left == right
          ? around(new Pair(top, left))
          : new Padding(top, bottom, left, right, reason);
    }

    boolean isAround(Pair both) {
      return equals(around(both));
    }

    Tensor of(Tensor images, double value) {
      return Axes.pad(images, value, top, bottom, left, right);
    }
  }
}
