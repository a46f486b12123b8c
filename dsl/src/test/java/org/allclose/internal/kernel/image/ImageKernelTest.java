package org.allclose.internal.kernel.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares the chosen loops over images with plain ones, over awkward sizes and values. */
class ImageKernelTest {
  private static final double[] FEW = {
    0.0, -0.0, 1.0, 2.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  private final ImageKernel chosen = ImageKernel.CHOSEN;
  private final ImageKernel scalar = new ScalarImageKernel();

  @Test
  void maxOfSquares_isTheFirstLargestOrTheFirstNaN() {
    for (ImageKernel kernel : new ImageKernel[] {chosen, scalar}) {
      for (int n = 0; n < 40; n++) {
        double[] x = few(n, 4 * n + 9);
        double[] dout = few(n + 1, n + 3);
        int row = 3;
        int next = 2 * n + 5;
        double[] out = new double[n + 5];
        double[] from = new double[n + 5];
        double[] plain = new double[n + 5];
        double[] dx = new double[x.length];
        kernel.maxOfSquares(x, row, next, plain, 2, n);
        kernel.maxOfSquares(x, row, next, out, from, 2, n);
        kernel.maxOfSquaresGradient(x, row, next, dout, 1, dx, n);
        double[] expected = new double[n + 5];
        double[] places = new double[n + 5];
        double[] gradient = new double[x.length];
        for (int k = 0; k < n; k++) {
          int[] window = {row + 2 * k, row + 2 * k + 1, next + 2 * k, next + 2 * k + 1};
          int place = argmax(x, window);
          expected[2 + k] = x[window[place]];
          places[2 + k] = place;
          gradient[window[place]] = 0.0 + dout[1 + k];
        }
        assertArrayEquals(expected, plain);
        assertArrayEquals(expected, out);
        assertArrayEquals(places, from);
        assertArrayEquals(gradient, dx);
      }
    }
  }

  /** numpy's argmax: the first NaN, or else the first of the largest. */
  private static int argmax(double[] x, int[] window) {
    for (int i = 0; i < window.length; i++) {
      if (Double.isNaN(x[window[i]])) {
        return i;
      }
    }
    int best = 0;
    for (int i = 1; i < window.length; i++) {
      best = x[window[i]] > x[window[best]] ? i : best;
    }
    return best;
  }

  @Test
  void reluSquaresGradient_isThatOfThePoolThenOfRelu() {
    for (ImageKernel kernel : new ImageKernel[] {chosen, scalar}) {
      for (int n = 0; n < 40; n++) {
        double[] y = few(n, n + 2);
        double[] dout = few(n + 50, n + 2);
        double[] from = new Random(n).ints(n + 2, 0, 4).asDoubleStream().toArray();
        double[] dx = new double[4 * n + 2];
        Arrays.fill(dx, 7);
        kernel.reluSquaresGradient(dout, y, from, 2, dx, 1, n);
        double[] expected = new double[4 * n + 2];
        expected[0] = 7;
        expected[4 * n + 1] = 7;
        for (int k = 0; k < n; k++) {
          int[] window = {1 + 2 * k, 2 + 2 * k, 2 * n + 1 + 2 * k, 2 * n + 2 + 2 * k};
          double mask = y[2 + k] > 0 ? 1.0 : 0.0;
          expected[window[(int) from[2 + k]]] = (0.0 + dout[2 + k]) * mask;
        }
        assertArrayEquals(expected, dx);
      }
    }
  }

  @Test
  void runs_areCopiedAndAddedAtAnyStride() {
    for (ImageKernel kernel : new ImageKernel[] {chosen, scalar}) {
      for (int width = 1; width < 40; width++) {
        for (int stride = 1; stride <= 3; stride++) {
          Windows w = new Windows(1, 3, stride * width, 1, 1, 1, stride, 0, 0);
          Runs runs = new Runs(6 * width);
          int from = width / 2;
          int to = 5 * width + width / 3;
          // More runs than are wanted then.
          runs.set(w, w.width() + 2, 3 * w.width() + 11, 0, 0, 6 * width);
          runs.set(w, w.width() + 2, 3 * w.width() + 11, 0, from, to);
          double[] images = few(width, 6 * w.width() + 40);
          double[] copied = new double[to - from + 2];
          kernel.copyRuns(runs, images, 1, stride, copied, 1);
          double[] added = images.clone();
          double[] addends = few(width + 3, to - from + 2);
          kernel.addRuns(runs, addends, 1, added, 1, stride);
          double[] expected = new double[to - from + 2];
          double[] sums = images.clone();
          for (int p = from; p < to; p++) {
            int row = p / width % 3;
            int place =
                1
                    + p / (3 * width) * (3 * w.width() + 11)
                    + row * (w.width() + 2)
                    + p % width * stride;
            expected[1 + p - from] = images[place];
            sums[place] += addends[1 + p - from];
          }
          assertArrayEquals(expected, copied);
          assertArrayEquals(sums, added);
        }
      }
    }
  }

  private static double[] few(long seed, int n) {
    return new Random(seed).ints(n, 0, FEW.length).mapToDouble(i -> FEW[i]).toArray();
  }
}
