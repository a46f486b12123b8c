package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.allclose.layer.Layer;
import org.allclose.layer.image.AdaptiveAveragePool1d;
import org.allclose.layer.image.AdaptiveAveragePool2d;
import org.allclose.layer.image.AdaptiveMaxPool1d;
import org.allclose.layer.image.AdaptiveMaxPool2d;
import org.allclose.layer.image.AveragePool1d;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.GlobalAveragePool;
import org.allclose.layer.image.GlobalMaxPool;
import org.allclose.layer.image.MaxPool1d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.tensor.Shape;

/** Pools in exact arithmetic, each window by its definition. */
final class ExactPools {
  static final Set<Class<?>> KNOWN =
      Set.of(
          AdaptiveAveragePool1d.class,
          AdaptiveAveragePool2d.class,
          AdaptiveMaxPool1d.class,
          AdaptiveMaxPool2d.class,
          AveragePool1d.class,
          AveragePool2d.class,
          GlobalAveragePool.class,
          GlobalMaxPool.class,
          MaxPool1d.class,
          MaxPool2d.class);

  private final Tape tape;

  ExactPools(Tape tape) {
    this.tape = tape;
  }

  /** One direction of the windows of a pool. */
  private interface Side {

    /** Returns the places of a window, of which some may be outside. */
    List<Integer> places(int window, int length, int outputs);

    /** Returns how many places behind the last are padding. */
    default int after() {
      return 0;
    }
  }

  private record Strides(int size, int stride, int padding, int dilation, boolean same)
      implements Side {

    private int start(int window, int length, int outputs) {
      int beside = (outputs - 1) * stride + (size - 1) * dilation + 1 - length;
      return window * stride - (same ? Math.max(beside, 0) / 2 : padding);
    }

    @Override
    public int after() {
      return padding;
    }

    @Override
    public List<Integer> places(int window, int length, int outputs) {
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        places.add(start(window, length, outputs) + i * dilation);
      }
      return places;
    }
  }

  Values run(Layer layer, Values x, Shape out) {
    if (layer instanceof MaxPool2d pool) {
      return pool(rows(pool), columns(pool), false, x, out, ExactPools::largest);
    } else if (layer instanceof MaxPool1d pool) {
      Side along =
          new Strides(pool.size(), pool.stride(), pool.padding(), pool.dilation(), pool.same());
      return sequences(along, false, x, out, ExactPools::largest);
    } else if (layer instanceof AveragePool2d pool) {
      boolean counts = pool.countPadding() && !pool.same();
      return pool(rows(pool), columns(pool), counts, x, out, tape::mean);
    } else if (layer instanceof AveragePool1d pool) {
      Side along = new Strides(pool.size(), pool.stride(), pool.padding(), 1, pool.same());
      return sequences(along, pool.countPadding() && !pool.same(), x, out, tape::mean);
    } else if (layer instanceof AdaptiveMaxPool2d) {
      return pool(ExactPools::part, ExactPools::part, false, x, out, ExactPools::largest);
    } else if (layer instanceof AdaptiveAveragePool2d) {
      return pool(ExactPools::part, ExactPools::part, false, x, out, tape::mean);
    } else if (layer instanceof AdaptiveMaxPool1d) {
      return sequences(ExactPools::part, false, x, out, ExactPools::largest);
    } else if (layer instanceof AdaptiveAveragePool1d) {
      return sequences(ExactPools::part, false, x, out, tape::mean);
    }
    return ofChannels(x, out, layer instanceof GlobalMaxPool ? ExactPools::largest : tape::mean);
  }

  private static Side rows(MaxPool2d p) {
    return new Strides(
        p.size().height(),
        p.stride().height(),
        p.padding().height(),
        p.dilation().height(),
        p.same());
  }

  private static Side columns(MaxPool2d p) {
    return new Strides(
        p.size().width(), p.stride().width(), p.padding().width(), p.dilation().width(), p.same());
  }

  private static Side rows(AveragePool2d p) {
    return new Strides(p.size().height(), p.stride().height(), p.padding().height(), 1, p.same());
  }

  private static Side columns(AveragePool2d p) {
    return new Strides(p.size().width(), p.stride().width(), p.padding().width(), 1, p.same());
  }

  /** Returns the places of a window of an adaptive pool. */
  private static List<Integer> part(int window, int length, int outputs) {
    int start = window * length / outputs;
    int end = (int) Math.ceil((window + 1.0) * length / outputs);
    return IntStream.range(start, end).boxed().toList();
  }

  private static Values ofChannels(Values x, Shape out, Function<List<Node>, Node> window) {
    int plane = x.shape().size() / out.size();
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < out.size(); i++) {
      y.add(window.apply(x.all().subList(i * plane, (i + 1) * plane)));
    }
    return new Values(out, y);
  }

  private Values sequences(
      Side along, boolean countPadding, Values x, Shape out, Function<List<Node>, Node> window) {
    Side one = new Strides(1, 1, 0, 1, false);
    return pool(one, along, countPadding, images(x), images(out), window).reshape(out);
  }

  private static Values images(Values sequences) {
    return sequences.reshape(images(sequences.shape()));
  }

  private static Shape images(Shape s) {
    return Shape.of(s.axis(0), s.axis(1), 1, s.axis(2));
  }

  /**
   * @param countPadding whether padding is zeros rather than nothing
   */
  private Values pool(
      Side rows,
      Side columns,
      boolean countPadding,
      Values x,
      Shape out,
      Function<List<Node>, Node> window) {
    int height = x.shape().axis(2);
    int width = x.shape().axis(3);
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(out)) {
      List<Node> pixels = new ArrayList<>();
      for (int row : rows.places(at[2], height, out.axis(2))) {
        for (int column : columns.places(at[3], width, out.axis(3))) {
          if (row >= 0 && row < height && column >= 0 && column < width) {
            pixels.add(x.at(at[0], at[1], row, column));
          } else if (countPadding
              && row < height + rows.after()
              && column < width + columns.after()) {
            pixels.add(tape.number(0));
          }
        }
      }
      y.add(window.apply(pixels));
    }
    return new Values(out, y);
  }

  /** Returns the first of the largest. */
  static Node largest(List<Node> window) {
    Node largest = window.get(0);
    for (Node node : window) {
      if (node.value().greaterThan(largest.value())) {
        largest = node;
      }
    }
    return largest;
  }
}
