package org.allclose.internal.kernel.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares pools with plain loops over each window, on values with many ties and some NaN. */
class PoolingTest {
  private static final int CHANNELS = 3;
  private static final int IMAGES = 2;
  private static final int PLANES = CHANNELS * IMAGES;
  private static final double[] FEW = {
    0.0, -0.0, 1.0, 2.0, 2.0, 3.0, Double.NaN, Double.NEGATIVE_INFINITY
  };

  /** Windows along an axis: where each starts, how long it is and in which steps it goes. */
  private record Axis(int length, List<Integer> starts, List<Integer> ends, int step, int after) {

    Spans spans() {
      Spans spans = Spans.of(length, starts.size(), step, starts::get, ends::get);
      return after < 0 ? spans : spans.countingPadding(ends.get(0) - starts.get(0), after);
    }

    /** The elements of a window that are inside. */
    int[] elements(int window) {
      return IntStream.range(starts.get(window), ends.get(window))
          .filter(i -> (i - starts.get(window)) % step == 0 && i >= 0 && i < length)
          .toArray();
    }

    int count(int window) {
      return after < 0
          ? elements(window).length
          : Math.min(ends.get(window), length + after) - starts.get(window);
    }
  }

  /** Windows on images, by their rows and columns. */
  private record Pools(String name, Axis rows, Axis columns) {

    int outputs() {
      return rows.starts.size() * columns.starts.size();
    }

    int size() {
      return PLANES * rows.length * columns.length;
    }

    PoolWindows windows() {
      return new PoolWindows(CHANNELS, rows.spans(), columns.spans());
    }

    /** The elements of window k, counted through all planes, in row-major order. */
    int[] places(int k) {
      int plane = k / outputs() * rows.length * columns.length;
      int[] across = columns.elements(k % columns.starts.size());
      return Arrays.stream(rows.elements(k % outputs() / columns.starts.size()))
          .flatMap(
              row -> Arrays.stream(across).map(column -> plane + row * columns.length + column))
          .toArray();
    }

    int count(int k) {
      return rows.count(k % outputs() / columns.starts.size())
          * columns.count(k % columns.starts.size());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Pools> windows() {
    Axis parts = new Axis(7, List.of(0, 1, 3, 5), List.of(2, 4, 6, 7), 1, -1);
    Axis all = new Axis(8, List.of(0), List.of(8), 1, -1);
    return Stream.of(
        pools(6, 8, 2, 2, 2, 2),
        pools(7, 6, 2, 2, 2, 2),
        pools(6, 7, 2, 2, 2, 2),
        pools(7, 9, 2, 2, 2, 2),
        pools(6, 8, 2, 2, 1, 2),
        pools(6, 8, 2, 2, 2, 1),
        pools(6, 8, 3, 2, 2, 2),
        pools(6, 8, 2, 3, 2, 2),
        pools(9, 8, 3, 3, 3, 2),
        pools(9, 11, 2, 3, 3, 4),
        pools(5, 4, 5, 4, 1, 1),
        pools(4, 5, 1, 1, 1, 1),
        new Pools("padded", padded(6, 3, 2, 1, -1), padded(7, 2, 1, 1, -1)),
        new Pools("padding counted", padded(6, 3, 2, 1, 1), padded(5, 4, 3, 2, 2)),
        new Pools("squares beyond", padded(5, 2, 2, 0, -1), padded(7, 2, 2, 0, 0)),
        new Pools(
            "dilated",
            new Axis(6, List.of(-1, 1, 3), List.of(4, 6, 8), 2, -1),
            new Axis(5, List.of(-2, -1, 0, 1, 2), List.of(5, 6, 7, 8, 9), 3, -1)),
        new Pools("parts", parts, parts),
        new Pools("all", all, all));
  }

  private static Pools pools(int height, int width, int kh, int kw, int sh, int sw) {
    return new Pools(
        height + "x" + width + ": " + kh + "x" + kw + " at " + sh + "x" + sw,
        inside(height, kh, sh),
        inside(width, kw, sw));
  }

  private static Axis inside(int length, int size, int stride) {
    List<Integer> starts =
        IntStream.rangeClosed(0, (length - size) / stride).map(k -> k * stride).boxed().toList();
    return new Axis(length, starts, ends(starts, size), 1, -1);
  }

  /** As many windows as begin before the padding behind. */
  private static Axis padded(int length, int size, int stride, int padding, int after) {
    List<Integer> starts =
        IntStream.iterate(-padding, start -> start < length, start -> start + stride)
            .boxed()
            .toList();
    return new Axis(length, starts, ends(starts, size), 1, after);
  }

  private static List<Integer> ends(List<Integer> starts, int size) {
    return starts.stream().map(start -> start + size).toList();
  }

  @ParameterizedTest
  @MethodSource("windows")
  void max_isTheFirstLargestOrTheFirstNaN_andTakesTheGradient(Pools w) {
    double[] x = few(1, w.size());
    double[] dout = few(2, PLANES * w.outputs());
    double[] expected = new double[dout.length];
    double[] gradient = new double[x.length];
    for (int k = 0; k < dout.length; k++) {
      int[] places = w.places(k);
      int best = places[0];
      for (int place : places) {
        best = !Double.isNaN(x[best]) && !(x[place] <= x[best]) ? place : best;
      }
      expected[k] = x[best];
      gradient[best] += dout[k];
    }
    for (int threads = 1; threads <= 3; threads++) {
      Pooling pooling = new Pooling(w.windows(), IMAGES, Parallel.of(threads));
      for (int run = 0; run < 2; run++) {
        double[] out = garbage(dout.length);
        pooling.atMax(x, x, out);
        assertArrayEquals(expected, out);
        out = garbage(dout.length);
        double[] dx = garbage(x.length);
        pooling.max(x, out);
        pooling.maxGradient(x, dout, dx);
        assertArrayEquals(expected, out);
        assertArrayEquals(gradient, dx);
      }
    }
  }

  /** Small integers: the order of summation does not matter; that of the gradients is stated. */
  @ParameterizedTest
  @MethodSource("windows")
  void mean_isTheSumByTheNumber_andSharesTheGradient(Pools w) {
    double[] x = integers(3, w.size());
    double[] dout = integers(4, PLANES * w.outputs());
    double[] expected = new double[dout.length];
    double[] gradient = new double[x.length];
    for (int k = 0; k < dout.length; k++) {
      expected[k] = Arrays.stream(w.places(k)).mapToDouble(i -> x[i]).sum() / w.count(k);
    }
    for (int k = dout.length - 1; k >= 0; k--) {
      for (int place : w.places(k)) {
        gradient[place] += dout[k] / w.count(k);
      }
    }
    for (int threads = 1; threads <= 3; threads++) {
      Pooling pooling = new Pooling(w.windows(), IMAGES, Parallel.of(threads));
      double[] out = garbage(dout.length);
      double[] dx = garbage(x.length);
      pooling.mean(x, out);
      pooling.meanGradient(dout, dx);
      assertArrayEquals(expected, out);
      assertArrayEquals(gradient, dx);
    }
  }

  private static double[] few(long seed, int n) {
    return new Random(seed).ints(n, 0, FEW.length).mapToDouble(i -> FEW[i]).toArray();
  }

  private static double[] integers(long seed, int n) {
    return new Random(seed).ints(n, -9, 10).asDoubleStream().toArray();
  }

  private static double[] garbage(int n) {
    double[] values = new double[n];
    Arrays.fill(values, 1234.5);
    return values;
  }
}
