package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.allclose.layer.Layer;
import org.allclose.layer.image.LocalResponseNorm;
import org.allclose.layer.image.PixelShuffle;
import org.allclose.layer.image.PixelUnshuffle;
import org.allclose.layer.image.Resize2d;
import org.allclose.tensor.Shape;

/** Layers that move or weigh pixels, in exact arithmetic. */
final class ExactPixels {
  static final Set<Class<?>> KNOWN =
      Set.of(LocalResponseNorm.class, PixelShuffle.class, PixelUnshuffle.class, Resize2d.class);

  private final Tape tape;

  ExactPixels(Tape tape) {
    this.tape = tape;
  }

  Values run(Layer layer, Values x, Shape out) {
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(out)) {
      y.add(
          layer instanceof PixelShuffle shuffle
              ? shuffled(shuffle.factor(), x, at)
              : layer instanceof PixelUnshuffle unshuffle
                  ? unshuffled(unshuffle.factor(), x, at)
                  : layer instanceof Resize2d resize
                      ? resized(resize, x, out, at)
                      : normalized((LocalResponseNorm) layer, x, at));
    }
    return new Values(out, y);
  }

  private static Node shuffled(int r, Values x, int[] at) {
    return x.at(at[0], at[1] * r * r + at[2] % r * r + at[3] % r, at[2] / r, at[3] / r);
  }

  private static Node unshuffled(int r, Values x, int[] at) {
    int place = at[1] % (r * r);
    return x.at(at[0], at[1] / (r * r), at[2] * r + place / r, at[3] * r + place % r);
  }

  /** What an output is made of along one axis. */
  private record Around(List<Integer> places, List<Double> weights) {}

  private Node resized(Resize2d resize, Values x, Shape out, int[] at) {
    Around rows = around(resize, at[2], x.shape().axis(2), out.axis(2));
    Around columns = around(resize, at[3], x.shape().axis(3), out.axis(3));
    List<Node> parts = new ArrayList<>();
    for (int i = 0; i < rows.places.size(); i++) {
      for (int j = 0; j < columns.places.size(); j++) {
        Node pixel = x.at(at[0], at[1], rows.places.get(i), columns.places.get(j));
        parts.add(tape.times(rows.weights.get(i), tape.times(columns.weights.get(j), pixel)));
      }
    }
    return tape.sum(parts);
  }

  private static Around around(Resize2d resize, int k, int length, int outputs) {
    double real =
        resize.alignCorners()
            ? outputs == 1 ? 0 : k * ((length - 1.0) / (outputs - 1))
            : (double) length / outputs * (k + 0.5) - 0.5;
    int last = length - 1;
    return switch (resize.mode()) {
      case NEAREST -> {
        int place = (int) (k * ((float) length / outputs));
        yield new Around(List.of(Math.min(place, last)), List.of(1.0));
      }
      case BILINEAR -> {
        int lower = Math.min((int) Math.max(real, 0), last);
        double rest = Math.max(real, 0) - lower;
        yield new Around(List.of(lower, Math.min(lower + 1, last)), List.of(1 - rest, rest));
      }
      case BICUBIC -> {
        int lower = (int) Math.floor(real);
        double rest = real - lower;
        List<Integer> places =
            IntStream.range(lower - 1, lower + 3)
                .map(place -> Math.min(Math.max(place, 0), last))
                .boxed()
                .toList();
        List<Double> weights =
            DoubleStream.of(rest + 1, rest, 1 - rest, 2 - rest)
                .map(ExactPixels::cubic)
                .boxed()
                .toList();
        yield new Around(places, weights);
      }
    };
  }

  /** Returns the weight of cubic convolution at a distance, evaluated as PyTorch does. */
  private static double cubic(double d) {
    double a = -0.75;
    return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  }

  private Node normalized(LocalResponseNorm norm, Values x, int[] at) {
    List<Node> squares = new ArrayList<>();
    int first = at[1] - norm.size() / 2;
    for (int channel = first; channel < first + norm.size(); channel++) {
      if (channel >= 0 && channel < x.shape().axis(1)) {
        int[] other = at.clone();
        other[1] = channel;
        squares.add(tape.times(x.at(other), x.at(other)));
      }
    }
    Node mean = tape.dividedBy(tape.sum(squares), tape.number(norm.size()));
    Node base = tape.plus(tape.number(norm.k()), tape.times(norm.alpha(), mean));
    return tape.dividedBy(x.at(at), tape.exp(tape.times(norm.beta(), tape.log(base))));
  }
}
