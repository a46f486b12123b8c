package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.KernelChoice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the Vector API implementation with plain expressions on the scalar functions, whose bits
 * {@link FunctionDigestsTest} checks: every length and offset, and no element outside.
 */
class ArrayFunctionsTest {
  private static final double UNTOUCHED = 1234.5;

  private final ArrayFunctions vector = ArrayFunctions.CHOSEN;

  @BeforeEach
  void takeTheVectorImplementation() {
    assumeTrue(
        KernelChoice.current() == KernelChoice.VECTOR,
        "this JVM runs other kernels: module jdk.incubator.vector is missing, or they are pinned");
  }

  @ParameterizedTest
  @CsvSource({
    "exp, uniform:-20:20",
    "exp, mixed",
    "exp, special",
    "exp, binades:-60:12",
    "log, uniform:0.5:1.5",
    "log, magnitudes:-1022:1023",
    "log, special",
    "log, mixed",
    "tanh, uniform:-25:25",
    "tanh, binades:-70:6",
    "tanh, special",
    "tanh, full",
    "relu, mixed",
    "relu, special"
  })
  void function_ofEveryLengthAndOffset_equalsTheScalarOne(String name, String kind) {
    for (int n : lengths()) {
      for (int xOffset = 0; xOffset < 3; xOffset++) {
        int yOffset = 2 * xOffset;
        double[] x = values(kind, n, xOffset + n + 1);
        double[] expected = new double[yOffset + n + 3];
        Arrays.fill(expected, UNTOUCHED);
        for (int i = 0; i < n; i++) {
          expected[yOffset + i] = scalar(name, x[xOffset + i]);
        }
        double[] y = new double[expected.length];
        Arrays.fill(y, UNTOUCHED);
        apply(vector, name, x, xOffset, y, yOffset, n);
        assertArrayEquals(bits(expected), bits(y), name + " of " + n);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "log", "tanh", "relu"})
  void function_inPlace_equalsTheScalarOne(String name) {
    for (int n : lengths()) {
      double[] x = Streams.values("uniform:-3:30", n, n + 1);
      double[] expected = Arrays.stream(x).map(v -> scalar(name, v)).toArray();
      expected[n] = x[n];
      apply(vector, name, x, 0, x, 0, n);
      assertArrayEquals(bits(expected), bits(x), name + " of " + n);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "log", "tanh"})
  void function_ofOneValueOutOfRangeAmongOthers_equalsTheScalarOne(String name) {
    for (double odd : Streams.SPECIAL) {
      double[] x = Streams.values("uniform:0.1:30", 5, 301);
      x[140] = odd;
      double[] y = new double[x.length];
      apply(vector, name, x, 0, y, 0, x.length);
      double[] expected = Arrays.stream(x).map(v -> scalar(name, v)).toArray();
      assertArrayEquals(bits(expected), bits(y), name + " with " + odd);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7"})
  void reluGradient_ofEveryLength_isTheGradientWhereTheOutputIsPositive(String kind) {
    for (int n : lengths()) {
      double[] dout = Streams.values(kind, n, n);
      double[] y = Streams.values(kind, n + 1, n);
      double[] expected = new double[n + 1];
      for (int i = 0; i < n; i++) {
        expected[i] = dout[i] * (y[i] > 0 ? 1.0 : 0.0);
      }
      expected[n] = UNTOUCHED;
      for (ArrayFunctions functions : both()) {
        double[] dx = new double[n + 1];
        dx[n] = UNTOUCHED;
        functions.reluGradient(dout, y, dx, n);
        assertArrayEquals(bits(expected), bits(dx), "length " + n);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7"})
  void addRowRelu_ofEveryLengthAndOffset_rectifiesTheSum(String kind) {
    for (int n : lengths()) {
      for (int offset = 0; offset < 3; offset++) {
        double[] x = Streams.values(kind, n, offset + n + 1);
        double[] row = Streams.values(kind, n + 1, n);
        double[] expected = x.clone();
        for (int i = 0; i < n; i++) {
          double v = x[offset + i] + row[i];
          expected[offset + i] = v * (v > 0 ? 1.0 : 0.0);
        }
        for (ArrayFunctions functions : both()) {
          double[] y = x.clone();
          functions.addRowRelu(y, offset, row, n);
          assertArrayEquals(bits(expected), bits(y), "length " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7", "uniform:-1:1"})
  void sums_ofBlocks_equalTheScalarOnes(String kind) {
    ArrayFunctions scalar = new ScalarArrayFunctions();
    for (int n = 8; n <= 128; n++) {
      for (int offset = 0; offset < 5; offset++) {
        double[] x = Streams.values(kind, n, offset + n);
        assertEquals(scalar.sumOfBlock(x, offset, n), vector.sumOfBlock(x, offset, n));
        assertEquals(
            scalar.squaredDeviationsOfBlock(x, offset, n, 0.3),
            vector.squaredDeviationsOfBlock(x, offset, n, 0.3));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7", "uniform:-1:1"})
  void sumsOverRows_ofEveryShape_equalTheScalarOnes(String kind) {
    ArrayFunctions scalar = new ScalarArrayFunctions();
    for (int rows : new int[] {0, 1, 2, 7, 30}) {
      for (int columns = 1; columns < 80; columns++) {
        double[] matrix = Streams.values(kind, columns, rows * columns);
        double[] center = Streams.values(kind, rows, columns);
        double[] expected = new double[columns + 1];
        Arrays.fill(expected, UNTOUCHED);
        double[] sum = expected.clone();
        scalar.sumOverRows(matrix, rows, columns, expected);
        vector.sumOverRows(matrix, rows, columns, sum);
        assertArrayEquals(bits(expected), bits(sum), rows + " x " + columns);
        scalar.squaredDeviationsOverRows(matrix, rows, columns, center, expected);
        vector.squaredDeviationsOverRows(matrix, rows, columns, center, sum);
        assertArrayEquals(bits(expected), bits(sum), rows + " x " + columns);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7"})
  void addRow_ofEveryLengthAndOffset_addsElementByElement(String kind) {
    for (int n : lengths()) {
      for (int offset = 0; offset < 3; offset++) {
        double[] x = Streams.values(kind, n, offset + n + 1);
        double[] row = Streams.values(kind, n + 1, n);
        double[] expected = x.clone();
        for (int i = 0; i < n; i++) {
          expected[offset + i] = x[offset + i] + row[i];
        }
        for (ArrayFunctions functions : both()) {
          double[] y = x.clone();
          functions.addRow(y, offset, row, n);
          assertArrayEquals(bits(expected), bits(y), "length " + n);
        }
      }
    }
  }

  private ArrayFunctions[] both() {
    return new ArrayFunctions[] {new ScalarArrayFunctions(), vector};
  }

  private static int[] lengths() {
    return new int[] {
      0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 135,
      136, 137, 255, 256, 257, 300, 511, 513, 1000
    };
  }

  private static double[] values(String kind, int seed, int count) {
    double[] values = Streams.values(kind, seed, count);
    if (values.length == count) {
      return values;
    }
    // The special values, over and over, another one first for each seed.
    double[] repeated = new double[count];
    for (int i = 0; i < count; i++) {
      repeated[i] = values[(seed + i) % values.length];
    }
    return repeated;
  }

  private static double scalar(String name, double x) {
    return switch (name) {
      case "exp" -> ElementaryFunctions.exp(x);
      case "log" -> ElementaryFunctions.log(x);
      case "tanh" -> ElementaryFunctions.tanh(x);
      case "relu" -> x * (x > 0 ? 1.0 : 0.0);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void apply(
      ArrayFunctions functions, String name, double[] x, int xOffset, double[] y, int to, int n) {
    switch (name) {
      case "exp" -> functions.exp(x, xOffset, y, to, n);
      case "log" -> functions.log(x, xOffset, y, to, n);
      case "tanh" -> functions.tanh(x, xOffset, y, to, n);
      case "relu" -> functions.relu(x, xOffset, y, to, n);
      default -> throw new IllegalArgumentException(name);
    }
  }

  /** Bits, so that signs of zeros count; every NaN is the same. */
  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }
}
