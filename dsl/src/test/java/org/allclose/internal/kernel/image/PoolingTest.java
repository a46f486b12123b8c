package org.allclose.internal.kernel.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
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

  static Stream<Windows> windows() {
    return Stream.of(
        windows(6, 8, 2, 2, 2, 2),
        windows(7, 6, 2, 2, 2, 2),
        windows(6, 7, 2, 2, 2, 2),
        windows(7, 9, 2, 2, 2, 2),
        windows(6, 8, 2, 2, 1, 2),
        windows(6, 8, 2, 2, 2, 1),
        windows(6, 8, 3, 2, 2, 2),
        windows(6, 8, 2, 3, 2, 2),
        windows(9, 8, 3, 3, 3, 2),
        windows(9, 11, 2, 3, 3, 4),
        windows(5, 4, 5, 4, 1, 1),
        windows(4, 5, 1, 1, 1, 1));
  }

  private static Windows windows(int height, int width, int kh, int kw, int sh, int sw) {
    return new Windows(CHANNELS, height, width, kh, kw, sh, sw, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("windows")
  void max_isTheFirstLargestOrTheFirstNaN_andTakesTheGradient(Windows w) {
    double[] x = few(1, PLANES * w.height() * w.width());
    double[] dout = few(2, PLANES * w.outputs());
    double[] expected = new double[dout.length];
    double[] gradient = new double[x.length];
    for (int k = 0; k < dout.length; k++) {
      int[] places = places(w, k);
      int best = places[0];
      for (int place : places) {
        best = !Double.isNaN(x[best]) && !(x[place] <= x[best]) ? place : best;
      }
      expected[k] = x[best];
      gradient[best] += dout[k];
    }
    for (int threads = 1; threads <= 3; threads++) {
      Pooling pooling = new Pooling(w, IMAGES, Parallel.of(threads));
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
  void mean_isTheSumByTheNumber_andSharesTheGradient(Windows w) {
    double[] x = integers(3, PLANES * w.height() * w.width());
    double[] dout = integers(4, PLANES * w.outputs());
    double[] expected = new double[dout.length];
    double[] gradient = new double[x.length];
    for (int k = 0; k < dout.length; k++) {
      expected[k] = Arrays.stream(places(w, k)).mapToDouble(i -> x[i]).sum() / w.places();
    }
    for (int place = 0; place < w.places(); place++) {
      for (int k = 0; k < dout.length; k++) {
        gradient[places(w, k)[place]] += dout[k] / w.places();
      }
    }
    for (int threads = 1; threads <= 3; threads++) {
      Pooling pooling = new Pooling(w, IMAGES, Parallel.of(threads));
      double[] out = garbage(dout.length);
      double[] dx = garbage(x.length);
      pooling.mean(x, out);
      pooling.meanGradient(dout, dx);
      assertArrayEquals(expected, out);
      assertArrayEquals(gradient, dx);
    }
  }

  /** The elements of window k, counted through all planes, in row-major order. */
  private static int[] places(Windows w, int k) {
    int plane = k / w.outputs();
    int top = k % w.outputs() / w.outputWidth() * w.strideHeight();
    int left = k % w.outputWidth() * w.strideWidth();
    int[] places = new int[w.places()];
    for (int i = 0; i < w.kernelHeight(); i++) {
      for (int j = 0; j < w.kernelWidth(); j++) {
        places[i * w.kernelWidth() + j] = (plane * w.height() + top + i) * w.width() + left + j;
      }
    }
    return places;
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
