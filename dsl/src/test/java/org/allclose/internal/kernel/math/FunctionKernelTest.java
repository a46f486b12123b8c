package org.allclose.internal.kernel.math;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.allclose.internal.kernel.runtime.KernelProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the Vector API implementation with plain expressions on the scalar functions, whose bits
 * {@link FunctionDigestsTest} checks: every length and offset, and no element outside.
 */
class FunctionKernelTest {
  private static final double UNTOUCHED = 1234.5;

  private final FunctionKernel vector = FunctionKernel.CHOSEN;

  @BeforeEach
  void takeTheVectorImplementation() {
    assumeTrue(
        KernelProvider.current() == KernelProvider.VECTOR,
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
    "tanh, full"
  })
  void function_ofEveryLengthAndOffset_equalsTheScalarOne(String name, String kind) {
    for (int n : Streams.lengths()) {
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
        assertArrayEquals(Streams.bits(expected), Streams.bits(y), name + " of " + n);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "log", "tanh"})
  void function_inPlace_equalsTheScalarOne(String name) {
    for (int n : Streams.lengths()) {
      double[] x = Streams.values("uniform:-3:30", n, n + 1);
      double[] expected = Arrays.stream(x).map(v -> scalar(name, v)).toArray();
      expected[n] = x[n];
      apply(vector, name, x, 0, x, 0, n);
      assertArrayEquals(Streams.bits(expected), Streams.bits(x), name + " of " + n);
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
      assertArrayEquals(Streams.bits(expected), Streams.bits(y), name + " with " + odd);
    }
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
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void apply(
      FunctionKernel kernel, String name, double[] x, int xOffset, double[] y, int to, int n) {
    switch (name) {
      case "exp" -> kernel.exp(x, xOffset, y, to, n);
      case "log" -> kernel.log(x, xOffset, y, to, n);
      case "tanh" -> kernel.tanh(x, xOffset, y, to, n);
      default -> throw new IllegalArgumentException(name);
    }
  }
}
