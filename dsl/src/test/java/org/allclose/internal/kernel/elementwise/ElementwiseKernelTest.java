package org.allclose.internal.kernel.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.allclose.internal.kernel.math.Streams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the scalar and the chosen passes with plain expressions, over every length and offset,
 * and looks at what surrounds them.
 */
class ElementwiseKernelTest {
  private static final double UNTOUCHED = 1234.5;
  private static final double[] FEW = {
    0.0, -0.0, 1.0, 2.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "special"})
  void relu_ofEveryLengthAndOffset_isNumpysExpression(String kind) {
    double[] numbers = Streams.values(kind, 1, 1100);
    for (int n : Streams.lengths()) {
      for (int offset = 0; offset < 3; offset++) {
        // The special values are few, and come over and over, another one first for each length.
        double[] x = new double[offset + n + 1];
        for (int i = 0; i < x.length; i++) {
          x[i] = numbers[(n + offset + i) % numbers.length];
        }
        double[] expected = new double[2 * offset + n + 3];
        Arrays.fill(expected, UNTOUCHED);
        double[] untouched = expected.clone();
        for (int i = 0; i < n; i++) {
          double v = x[offset + i];
          expected[2 * offset + i] = v * (v > 0 ? 1.0 : 0.0);
        }
        for (ElementwiseKernel kernel : both()) {
          double[] y = untouched.clone();
          kernel.relu(x, offset, y, 2 * offset, n);
          assertArrayEquals(Streams.bits(expected), Streams.bits(y), "length " + n);
          y = x.clone();
          kernel.relu(y, offset, y, offset, n);
          double[] inPlace = x.clone();
          System.arraycopy(expected, 2 * offset, inPlace, offset, n);
          assertArrayEquals(Streams.bits(inPlace), Streams.bits(y), "in place, length " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7"})
  void reluGradient_ofEveryLength_isTheGradientWhereTheOutputIsPositive(String kind) {
    for (int n : Streams.lengths()) {
      double[] dout = Streams.values(kind, n, n);
      double[] y = Streams.values(kind, n + 1, n);
      double[] expected = new double[n + 1];
      for (int i = 0; i < n; i++) {
        expected[i] = dout[i] * (y[i] > 0 ? 1.0 : 0.0);
      }
      expected[n] = UNTOUCHED;
      for (ElementwiseKernel kernel : both()) {
        double[] dx = new double[n + 1];
        dx[n] = UNTOUCHED;
        kernel.reluGradient(dout, y, dx, 0, n);
        assertArrayEquals(Streams.bits(expected), Streams.bits(dx), "length " + n);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7"})
  void addRowRelu_ofEveryLengthAndOffset_rectifiesTheSum(String kind) {
    for (int n : Streams.lengths()) {
      for (int offset = 0; offset < 3; offset++) {
        double[] x = Streams.values(kind, n, offset + n + 1);
        double[] row = Streams.values(kind, n + 1, n);
        double[] expected = x.clone();
        for (int i = 0; i < n; i++) {
          double v = x[offset + i] + row[i];
          expected[offset + i] = v * (v > 0 ? 1.0 : 0.0);
        }
        for (ElementwiseKernel kernel : both()) {
          double[] y = x.clone();
          kernel.addRowRelu(y, offset, row, n);
          assertArrayEquals(Streams.bits(expected), Streams.bits(y), "length " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7"})
  void addRow_ofEveryLengthAndOffset_addsElementByElement(String kind) {
    for (int n : Streams.lengths()) {
      for (int offset = 0; offset < 3; offset++) {
        double[] x = Streams.values(kind, n, offset + n + 1);
        double[] row = Streams.values(kind, n + 1, n);
        double[] expected = x.clone();
        for (int i = 0; i < n; i++) {
          expected[offset + i] = x[offset + i] + row[i];
        }
        for (ElementwiseKernel kernel : both()) {
          double[] y = x.clone();
          kernel.addRow(y, offset, row, n);
          assertArrayEquals(Streams.bits(expected), Streams.bits(y), "length " + n);
        }
      }
    }
  }

  @Test
  void reluGradient_ofARange_leavesTheRest() {
    for (ElementwiseKernel kernel : both()) {
      for (int n = 0; n < 40; n++) {
        double[] y = few(n, n + 5);
        double[] dout = few(n + 50, n + 5);
        double[] dx = new double[n + 5];
        Arrays.fill(dx, 7);
        kernel.reluGradient(dout, y, dx, 3, 3 + n);
        double[] expected = new double[n + 5];
        for (int i = 0; i < expected.length; i++) {
          boolean inside = i >= 3 && i < 3 + n;
          expected[i] = inside ? dout[i] * (y[i] > 0 ? 1.0 : 0.0) : 7;
        }
        assertArrayEquals(expected, dx);
      }
    }
  }

  private static ElementwiseKernel[] both() {
    return new ElementwiseKernel[] {new ScalarElementwiseKernel(), ElementwiseKernel.CHOSEN};
  }

  private static double[] few(long seed, int n) {
    return new Random(seed).ints(n, 0, FEW.length).mapToDouble(i -> FEW[i]).toArray();
  }
}
