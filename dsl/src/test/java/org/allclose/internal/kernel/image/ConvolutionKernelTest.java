package org.allclose.internal.kernel.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares convolutions in parts with those on the whole: no bit may differ. */
class ConvolutionKernelTest {
  private static final double[] SPECIAL = {
    0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-320, 1.0, -1.0
  };

  static Stream<Arguments> shapes() {
    return Stream.of(
        // channels, height, width, kernel, stride, padding; filters, images
        shape(3, 32, 32, 7, 7, 1, 1, 3, 3, 32, 3),
        shape(3, 32, 32, 7, 7, 1, 1, 3, 3, 31, 2),
        shape(3, 17, 16, 5, 3, 1, 1, 2, 1, 6, 5),
        shape(2, 9, 7, 3, 3, 2, 1, 0, 0, 5, 9),
        shape(2, 9, 7, 3, 3, 1, 3, 1, 2, 4, 9),
        // Padding on two sides alone, and a column more than a block has.
        shape(2, 9, 7, 3, 3, 1, 1, 1, 0, 4, 9),
        shape(2, 9, 7, 3, 3, 1, 1, 0, 1, 4, 9),
        shape(6, 1, 35, 1, 31, 1, 1, 0, 0, 4, 53),
        shape(1, 40, 40, 11, 11, 4, 4, 4, 4, 3, 4),
        shape(64, 8, 8, 3, 3, 1, 1, 1, 1, 24, 3),
        shape(40, 6, 4, 3, 3, 1, 1, 1, 1, 7, 7),
        shape(31, 6, 4, 3, 3, 1, 1, 1, 1, 8, 7),
        shape(2, 2, 1, 1, 1, 1, 1, 0, 0, 2, 1),
        shape(2, 2, 1, 1, 1, 1, 1, 0, 0, 3, 257),
        shape(6, 1, 2, 1, 1, 1, 1, 0, 0, 2, 48),
        shape(2, 3, 3, 8, 8, 1, 1, 4, 4, 4, 130),
        shape(1, 1, 4099, 1, 2, 1, 1, 0, 0, 3, 1),
        // Places of the window that lie in the padding alone.
        shape(2, 2, 2, 7, 7, 1, 1, 3, 3, 3, 2),
        // Places apart, padding that differs on two sides, windows that reach beyond the image.
        Arguments.of(windows(3, axis(17, 3, 1, 2, 2, 2), axis(16, 3, 1, 3, 3, 3)), 6, 5),
        Arguments.of(windows(2, axis(40, 3, 2, 1, 0, 1), axis(41, 5, 3, 2, 3, 4)), 5, 3),
        Arguments.of(windows(4, axis(9, 2, 2, 5, 1, 2), axis(7, 2, 1, 1, 0, 1)), 4, 9),
        Arguments.of(
            windows(2, new WindowAxis(9, 3, 2, 1, 0, 5), new WindowAxis(8, 1, 1, 1, 0, 11)), 4, 4));
  }

  private static Windows windows(int channels, WindowAxis vertical, WindowAxis horizontal) {
    return new Windows(channels, vertical, horizontal);
  }

  private static WindowAxis axis(
      int length, int kernel, int stride, int dilation, int before, int after) {
    return WindowAxis.fitting(length, kernel, stride, dilation, before, after);
  }

  private static Arguments shape(
      int channels,
      int height,
      int width,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      int paddingHeight,
      int paddingWidth,
      int filters,
      int images) {
    Windows windows =
        new Windows(
            channels,
            height,
            width,
            kernelHeight,
            kernelWidth,
            strideHeight,
            strideWidth,
            paddingHeight,
            paddingWidth);
    return Arguments.of(windows, filters, images);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void inParts_hasTheBitsOfTheWhole(Windows windows, int filters, int images) {
    assertTrue(BlockedConvolution.fits(windows, filters));
    for (boolean special : new boolean[] {false, true}) {
      Data data = new Data(windows, filters, images, special);
      ConvolutionKernel whole =
          new ReferenceConvolution(windows, filters, images, data.epilogue, Parallel.serial());
      for (int threads = 1; threads <= 3; threads++) {
        ConvolutionKernel parts =
            new BlockedConvolution(windows, filters, images, data.epilogue, Parallel.of(threads));
        // Twice, as the second time the buffers are no longer zero.
        for (int run = 0; run < 2; run++) {
          same(
              data.out.length,
              out -> whole.forward(data.x, data.weights, out),
              out -> parts.forward(data.x, data.weights, out));
          same(
              data.x.length,
              dx -> whole.inputGradient(data.out, data.weights, dx),
              dx -> parts.inputGradient(data.out, data.weights, dx));
          same(
              data.weights.length,
              dw -> whole.weightGradient(data.x, data.out, dw),
              dw -> parts.weightGradient(data.x, data.out, dw));
        }
      }
    }
  }

  /** Nothing may be left in an instance that belongs to other images, or be there only later. */
  @ParameterizedTest
  @MethodSource("shapes")
  void inParts_ofOtherImages_hasTheBitsOfAnInstanceOfItsOwn(
      Windows windows, int filters, int images) {
    Data first = new Data(windows, filters, images, true);
    double[] other = Data.values(77, first.x.length, false);
    Epilogue epilogue = first.epilogue;
    ConvolutionKernel used =
        new BlockedConvolution(windows, filters, images, epilogue, Parallel.serial());
    used.forward(first.x, first.weights, new double[first.out.length]);
    same(
        first.out.length,
        out -> whole(windows, filters, images, epilogue).forward(other, first.weights, out),
        out -> used.forward(other, first.weights, out));
    same(
        first.weights.length,
        dw -> whole(windows, filters, images, epilogue).weightGradient(first.x, first.out, dw),
        dw -> used.weightGradient(first.x, first.out, dw));
    same(
        first.x.length,
        dx -> whole(windows, filters, images, epilogue).inputGradient(first.out, first.weights, dx),
        dx ->
            new BlockedConvolution(windows, filters, images, epilogue, Parallel.serial())
                .inputGradient(first.out, first.weights, dx));
  }

  private static ConvolutionKernel whole(
      Windows windows, int filters, int images, Epilogue epilogue) {
    return new ReferenceConvolution(windows, filters, images, epilogue, Parallel.serial());
  }

  @Test
  void of_productsOfVectors_takesTheWhole() {
    Windows windows = new Windows(1, 3, 3, 3, 3, 1, 1, 0, 0);
    for (Windows w :
        new Windows[] {
          windows,
          new Windows(1, 3, 3, 1, 1, 1, 1, 0, 0),
          new Windows(1, 4, 4, 1, 1, 1, 1, 0, 0),
          new Windows(2, 3, 3, 3, 3, 1, 1, 0, 0),
          // Nine places and nine outputs.
          new Windows(1, 5, 5, 3, 3, 1, 1, 0, 0)
        }) {
      assertInstanceOf(
          ReferenceConvolution.class,
          ConvolutionKernel.of(w, 4, 2, Epilogue.NONE, Parallel.serial()));
    }
    Windows large = new Windows(2, 6, 6, 3, 3, 1, 1, 0, 0);
    assertInstanceOf(
        ReferenceConvolution.class,
        ConvolutionKernel.of(large, 1, 2, Epilogue.NONE, Parallel.serial()));
    assertInstanceOf(
        BlockedConvolution.class,
        ConvolutionKernel.of(large, 2, 2, Epilogue.NONE, Parallel.serial()));
  }

  /** Each group is a convolution of its channels, whichever threads compute it. */
  @Test
  void inGroups_hasTheBitsOfEachGroup() {
    for (int groups : new int[] {2, 3, 6}) {
      Windows windows = new Windows(6, 7, 9, 3, 2, 2, 1, 1, 0);
      Data all = new Data(windows, 12, 3, true);
      int channels = 6 / groups;
      int filters = 12 / groups;
      double[] weights = Arrays.copyOf(all.weights, all.weights.length / groups);
      Windows own = windows.withChannels(channels);
      ConvolutionKernel one = whole(own, filters, 3, Epilogue.NONE);
      double[] out = new double[all.out.length];
      double[] dx = new double[all.x.length];
      double[] dw = new double[weights.length];
      for (int g = 0; g < groups; g++) {
        double[] x = part(all.x, groups, g, channels * 63);
        double[] dout = part(all.out, groups, g, filters * windows.outputs());
        int size = weights.length / groups;
        double[] w = Arrays.copyOfRange(weights, g * size, (g + 1) * size);
        double[] y = new double[dout.length];
        double[] gradient = new double[x.length];
        double[] wGradient = new double[size];
        one.forward(x, w, y);
        one.inputGradient(dout, w, gradient);
        one.weightGradient(x, dout, wGradient);
        for (int i = 0; i < y.length; i++) {
          y[i] += all.bias[g * filters + i / windows.outputs() % filters];
        }
        join(y, out, groups, g, filters * windows.outputs());
        join(gradient, dx, groups, g, channels * 63);
        System.arraycopy(wGradient, 0, dw, g * size, size);
      }
      for (int threads = 1; threads <= 4; threads++) {
        ConvolutionKernel kernel =
            ConvolutionKernel.of(windows, 12, groups, 3, all.epilogue, Parallel.of(threads));
        assertInstanceOf(GroupedConvolution.class, kernel);
        for (int run = 0; run < 2; run++) {
          same(out.length, e -> copy(out, e), a -> kernel.forward(all.x, weights, a));
          same(dx.length, e -> copy(dx, e), a -> kernel.inputGradient(all.out, weights, a));
          same(dw.length, e -> copy(dw, e), a -> kernel.weightGradient(all.x, all.out, a));
        }
      }
    }
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  private static double[] part(double[] all, int groups, int group, int size) {
    double[] part = new double[all.length / groups];
    for (int i = 0; i < part.length; i++) {
      part[i] = all[(i / size * groups + group) * size + i % size];
    }
    return part;
  }

  private static void join(double[] part, double[] all, int groups, int group, int size) {
    for (int i = 0; i < part.length; i++) {
      all[(i / size * groups + group) * size + i % size] = part[i];
    }
  }

  @Test
  void pooled_hasTheBitsOfOneAfterAnother() {
    for (Windows windows :
        new Windows[] {
          new Windows(3, 32, 32, 7, 7, 1, 1, 3, 3),
          new Windows(2, 16, 16, 1, 1, 1, 1, 0, 0),
          new Windows(2, 18, 66, 3, 3, 1, 1, 0, 0),
          new Windows(1, 31, 16, 1, 2, 2, 1, 0, 8)
        }) {
      Windows pool =
          new Windows(6, windows.outputHeight(), windows.outputWidth(), 2, 2, 2, 2, 0, 0);
      for (int threads = 1; threads <= 3; threads++) {
        for (boolean special : new boolean[] {false, true}) {
          Parallel parallel = Parallel.of(threads);
          if (PooledConvolution.fits(windows, 6, pool, 4, parallel)) {
            pooled(windows, pool, new Data(windows, 6, 4, special), parallel);
          }
        }
      }
    }
  }

  private static void pooled(Windows windows, Windows pool, Data data, Parallel parallel) {
    Epilogue epilogue = data.epilogue.withRelu();
    PooledConvolution together = new PooledConvolution(windows, 6, 4, epilogue, parallel);
    ConvolutionKernel convolution =
        new ReferenceConvolution(windows, 6, 4, epilogue, Parallel.serial());
    PoolWindows squares =
        new PoolWindows(pool.channels(), pairs(pool.height()), pairs(pool.width()));
    Pooling pooling = new Pooling(squares, 4, Parallel.serial());
    double[] activation = new double[data.out.length];
    convolution.forward(data.x, data.weights, activation);
    double[] dpooled = Data.values(9, data.out.length / 4, true);
    double[] unpooled = new double[data.out.length];
    double[] gradient = new double[data.out.length];
    double[] other = Data.values(78, data.x.length, false);
    together.forward(other, data.weights, new double[dpooled.length]);
    for (int run = 0; run < 2; run++) {
      same(
          dpooled.length,
          out -> pooling.max(activation, out),
          out -> together.forward(data.x, data.weights, out));
      pooling.maxGradient(activation, dpooled, unpooled);
      Elementwise.reluGradient(unpooled, activation, gradient, gradient.length);
      double[] db = {1, 2, 3, 4, 5, 6};
      same(
          data.weights.length,
          dw -> convolution.weightGradient(data.x, gradient, dw),
          dw -> together.weightGradient(data.x, dpooled, dw, db));
      double[] otherDb = new double[6];
      same(
          data.weights.length,
          dw -> convolution.weightGradient(other, gradient, dw),
          dw -> together.weightGradient(other, dpooled, dw, otherDb));
      assertArrayEquals(db, otherDb);
      same(
          6,
          sums -> Sums.ofChannels(gradient, 4, 6, windows.outputs(), sums),
          sums -> System.arraycopy(db, 0, sums, 0, 6));
      same(
          data.x.length,
          dx -> convolution.inputGradient(gradient, data.weights, dx),
          dx -> together.inputGradient(dpooled, data.weights, dx));
    }
  }

  @Test
  void pooled_ofWhatDoesNotFit_isRefused() {
    Windows windows = new Windows(3, 32, 32, 7, 7, 1, 1, 3, 3);
    Windows pool = new Windows(6, 32, 32, 2, 2, 2, 2, 0, 0);
    Parallel two = Parallel.of(2);
    assertTrue(PooledConvolution.fits(windows, 6, pool, 2, two));
    assertFalse(PooledConvolution.fits(windows, 6, pool, 1, two), "an idle thread");
    assertFalse(PooledConvolution.fits(windows, 5, pool, 2, two), "an odd row");
    for (Windows other :
        new Windows[] {
          new Windows(6, 32, 32, 3, 2, 2, 2, 0, 0),
          new Windows(6, 32, 32, 2, 3, 2, 2, 0, 0),
          new Windows(6, 32, 32, 2, 2, 1, 2, 0, 0),
          new Windows(6, 32, 32, 2, 2, 2, 1, 0, 0),
          new Windows(6, 33, 32, 2, 2, 2, 2, 0, 0),
          new Windows(6, 32, 33, 2, 2, 2, 2, 0, 0)
        }) {
      assertFalse(PooledConvolution.fits(windows, 6, other, 2, two), other.toString());
    }
    Windows small = new Windows(3, 10, 10, 3, 3, 1, 1, 1, 1);
    Windows its = new Windows(6, 10, 10, 2, 2, 2, 2, 0, 0);
    assertFalse(PooledConvolution.fits(small, 6, its, 2, two), "no whole blocks of terms");
  }

  private static void same(int size, Consumer<double[]> expected, Consumer<double[]> actual) {
    double[] e = new double[size];
    double[] a = new double[size];
    Arrays.fill(e, 1234.5);
    Arrays.fill(a, -5432.1);
    expected.accept(e);
    actual.accept(a);
    // Compares bits, but takes every NaN for the same.
    assertArrayEquals(e, a);
  }

  /** Operands of a convolution. */
  private static final class Data {
    final double[] x;
    final double[] weights;
    final double[] out;
    final double[] bias;
    final Epilogue epilogue;

    Data(Windows windows, int filters, int images, boolean special) {
      x = values(1, images * windows.imageSize(), special);
      weights = values(2, filters * windows.channels() * windows.places(), false);
      out = values(3, images * filters * windows.outputs(), special);
      bias = values(4, filters, false);
      epilogue = Epilogue.rowBias(bias, 0);
    }

    /** Returns random values, a few of them special. */
    static double[] values(long seed, int n, boolean special) {
      Random random = new Random(seed);
      double[] values = random.doubles(n, -1, 1).toArray();
      for (int i = 0; special && i < 1 + n / 300; i++) {
        values[random.nextInt(n)] = SPECIAL[random.nextInt(SPECIAL.length)];
      }
      return values;
    }
  }

  private static Spans pairs(int length) {
    return Spans.of(length, length / 2, 1, k -> 2 * k, k -> 2 * k + 2);
  }
}
