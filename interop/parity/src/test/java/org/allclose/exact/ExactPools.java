package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.allclose.layer.image.AveragePool1d;
import org.allclose.layer.image.AveragePool2d;
import org.allclose.layer.image.MaxPool1d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;

/** Pools in exact arithmetic, each window by its definition. */
final class ExactPools {
  private final Tape tape;

  ExactPools(Tape tape) {
    this.tape = tape;
  }

  /** One direction of the windows of a pool. */
  private record Side(int size, int stride, int padding, int dilation, boolean same) {

    int start(int window, int length, int outputs) {
      int beside = (outputs - 1) * stride + (size - 1) * dilation + 1 - length;
      return window * stride - (same ? Math.max(beside, 0) / 2 : padding);
    }

    /** Returns the places of a window, of which some may be outside. */
    List<Integer> places(int window, int length, int outputs) {
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        places.add(start(window, length, outputs) + i * dilation);
      }
      return places;
    }
  }

  Values max(MaxPool2d pool, Values x, Shape out) {
    Extent2d size = pool.size();
    Side rows =
        new Side(
            size.height(),
            pool.stride().height(),
            pool.padding().height(),
            pool.dilation().height(),
            pool.same());
    Side columns =
        new Side(
            size.width(),
            pool.stride().width(),
            pool.padding().width(),
            pool.dilation().width(),
            pool.same());
    return pool(rows, columns, false, x, out, ExactPools::largest);
  }

  Values max(MaxPool1d pool, Values x, Shape out) {
    Side along = new Side(pool.size(), pool.stride(), pool.padding(), pool.dilation(), pool.same());
    return sequences(along, false, x, out, ExactPools::largest);
  }

  Values mean(AveragePool2d pool, Values x, Shape out) {
    Extent2d size = pool.size();
    Side rows =
        new Side(size.height(), pool.stride().height(), pool.padding().height(), 1, pool.same());
    Side columns =
        new Side(size.width(), pool.stride().width(), pool.padding().width(), 1, pool.same());
    return pool(rows, columns, pool.countPadding() && !pool.same(), x, out, tape::mean);
  }

  Values mean(AveragePool1d pool, Values x, Shape out) {
    Side along = new Side(pool.size(), pool.stride(), pool.padding(), 1, pool.same());
    return sequences(along, pool.countPadding() && !pool.same(), x, out, tape::mean);
  }

  private Values sequences(
      Side along, boolean countPadding, Values x, Shape out, Function<List<Node>, Node> window) {
    Side one = new Side(1, 1, 0, 1, false);
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
              && row < height + rows.padding
              && column < width + columns.padding) {
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
