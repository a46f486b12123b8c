package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.Layer;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Another padding or stride of convolutions and pools, also one that gives another shape. */
final class WindowFaults {

  private WindowFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    return Windowed.of(suspect.layer()).stream()
        .flatMap(
            windowed ->
                Stream.of(
                        another(suspect, windowed),
                        otherPool(suspect, windowed),
                        otherCount(suspect, windowed))
                    .flatMap(List::stream));
  }

  /** Every padding and stride that gives the shape that was recorded. */
  private static List<Candidate> another(Suspect suspect, Windowed windowed) {
    List<Candidate> candidates = new ArrayList<>();
    for (Extent2d stride : windowed.strides()) {
      for (Padding padding : paddings(suspect.place().input(), windowed, stride)) {
        boolean isOwn =
            stride.equals(windowed.stride())
                && padding.equals(Padding.own(suspect.place().input(), windowed));
        if (!isOwn && fits(suspect, windowed, stride, padding)) {
          String margins = padding.text(suspect.place().input(), windowed, stride);
          candidates.add(
              Candidate.of(
                  text(suspect, windowed, stride, padding, margins),
                  () -> padded(suspect, windowed, stride, padding)));
          if (windowed.layer() instanceof AveragePool2d) {
            candidates.add(
                Candidate.of(
                    text(suspect, windowed, stride, padding, margins + " without counting it"),
                    () -> mean(suspect, windowed, stride, padding)));
          }
        }
      }
    }
    return candidates;
  }

  /** An average of the same windows that counts padding, or one that does not. */
  private static List<Candidate> otherCount(Suspect suspect, Windowed windowed) {
    if (!(windowed.layer() instanceof AveragePool2d pool)
        || pool.same()
        || Padding.own(suspect.place().input(), windowed).isAround(Extent2d.of(0))) {
      return List.of();
    }
    return List.of(
        Candidate.of(
            pool.countPadding()
                ? "another mean: the recording does not count padding, the network does"
                : "another mean: the recording counts padding, the network does not",
            () -> suspect.with(pool.countPadding(!pool.countPadding()))));
  }

  private static List<Candidate> otherPool(Suspect suspect, Windowed windowed) {
    Optional<Layer> other =
        windowed.layer() instanceof MaxPool2d max && max.dilation().equals(Extent2d.of(1))
            ? Optional.of(
                new AveragePool2d(
                    max.size(),
                    max.stride(),
                    max.padding(),
                    max.ceil(),
                    max.same(),
                    AveragePool2d.DEFAULT_COUNT_PADDING,
                    max.exact()))
            : windowed.layer() instanceof AveragePool2d average
                ? Optional.of(
                    new MaxPool2d(
                        average.size(),
                        average.stride(),
                        average.padding(),
                        MaxPool2d.DEFAULT_DILATION,
                        average.ceil(),
                        average.same(),
                        average.exact()))
                : Optional.empty();
    return other.stream()
        .map(
            pool ->
                Candidate.of(
                    "another pool: the recording has "
                        + pool.type()
                        + ", the network "
                        + windowed.layer().type(),
                    () -> suspect.with(pool)))
        .toList();
  }

  private static List<Padding> paddings(Shape input, Windowed windowed, Extent2d stride) {
    return Stream.concat(
            windowed.paddings().stream().map(Padding::around),
            Stream.of(
                Padding.same(input, windowed, stride), Padding.beyond(input, windowed, stride)))
        .distinct()
        .toList();
  }

  /** Returns whether settings give the shape that was recorded, or that the next layer takes. */
  private static boolean fits(
      Suspect suspect, Windowed windowed, Extent2d stride, Padding padding) {
    Shape input = suspect.place().input();
    int height = padding.top + input.axis(1) + padding.bottom - windowed.size().height();
    int width = padding.left + input.axis(2) + padding.right - windowed.size().width();
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

  private static Tensor padded(
      Suspect suspect, Windowed windowed, Extent2d stride, Padding padding) {
    double outside = windowed.layer() instanceof MaxPool2d ? Double.NEGATIVE_INFINITY : 0;
    return suspect.with(windowed.unpadded(stride), padding.of(suspect.input(), outside));
  }

  /** Returns the means of what lies in the windows, without the padding. */
  private static Tensor mean(Suspect suspect, Windowed windowed, Extent2d stride, Padding padding) {
    Layer pool = windowed.unpadded(stride);
    Tensor means = Layers.apply(pool, padding.of(suspect.input(), 0));
    Tensor ones = suspect.input().map(x -> 1);
    Tensor parts = Layers.apply(pool, padding.of(ones, 0));
    for (int i = 0; i < means.size(); i++) {
      means.unwrap()[i] /= parts.unwrap()[i];
    }
    return suspect.withOutput(means);
  }

  private static String text(
      Suspect suspect, Windowed windowed, Extent2d stride, Padding padding, String margins) {
    Shape input = suspect.place().input();
    Padding ownPadding = Padding.own(input, windowed);
    String recorded = "";
    String own = "";
    if (!stride.equals(windowed.stride())) {
      recorded = " strides " + stride;
      own = " strides " + windowed.stride();
    }
    if (!padding.equals(ownPadding)) {
      recorded += (recorded.isEmpty() ? "" : " and") + " pads " + margins;
      own +=
          (own.isEmpty() ? "" : " and")
              + " pads "
              + ownPadding.text(input, windowed, windowed.stride());
    }
    String what =
        stride.equals(windowed.stride())
            ? "padding"
            : padding.equals(ownPadding) ? "stride" : "stride and padding";
    return "another " + what + ": the recording" + recorded + ", the network" + own;
  }

  /** Rows and columns around an image. */
  private record Padding(int top, int bottom, int left, int right) {
    static Padding around(Extent2d both) {
      return new Padding(both.height(), both.height(), both.width(), both.width());
    }

    /** As the network pads. */
    static Padding own(Shape input, Windowed windowed) {
      return windowed.same()
          ? same(input, windowed, windowed.stride())
          : windowed.ceil()
              ? beyond(input, windowed, windowed.stride())
              : around(windowed.padding());
    }

    /** As Keras pads to {@code ceil(length / stride)} windows: more at the end than before. */
    static Padding same(Shape input, Windowed windowed, Extent2d stride) {
      int height = same(input.axis(1), windowed.size().height(), stride.height());
      int width = same(input.axis(2), windowed.size().width(), stride.width());
      return new Padding(height / 2, height - height / 2, width / 2, width - width / 2);
    }

    /** As windows that reach beyond the end count in PyTorch's ceil_mode. */
    static Padding beyond(Shape input, Windowed windowed, Extent2d stride) {
      Extent2d own = windowed.padding();
      int height = input.axis(1) + 2 * own.height() - windowed.size().height();
      int width = input.axis(2) + 2 * own.width() - windowed.size().width();
      return new Padding(
          own.height(),
          own.height() + Math.floorMod(-height, stride.height()),
          own.width(),
          own.width() + Math.floorMod(-width, stride.width()));
    }

    private static int same(int length, int size, int stride) {
      return Math.max(((length - 1) / stride) * stride + size - length, 0);
    }

    boolean isAround(Extent2d both) {
      return equals(around(both));
    }

    Tensor of(Tensor images, double value) {
      return Axes.pad(images, value, top, bottom, left, right);
    }

    /** Returns margins that are the same on both sides, or else the reason for them. */
    String text(Shape input, Windowed windowed, Extent2d stride) {
      if (top == bottom && left == right) {
        return new Extent2d(top, left).toString();
      }
      return Stream.of(
              equals(same(input, windowed, stride)) ? "'same' in Keras" : "",
              equals(beyond(input, windowed, stride)) ? "ceil_mode in PyTorch" : "")
          .filter(reason -> !reason.isEmpty())
          .collect(Collectors.joining(" or ", "as ", ""));
    }
  }
}
