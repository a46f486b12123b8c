package org.allclose.internal.kernel.reduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import org.allclose.internal.kernel.math.Streams;
import org.allclose.internal.kernel.runtime.KernelProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the Vector API implementation of sums with the scalar one, whose bits are numpy's. */
class SumKernelTest {
  private static final double UNTOUCHED = 1234.5;

  private final SumKernel vector = SumKernel.CHOSEN;

  @BeforeEach
  void takeTheVectorImplementation() {
    assumeTrue(
        KernelProvider.current() == KernelProvider.VECTOR,
        "this JVM runs other kernels: module jdk.incubator.vector is missing, or they are pinned");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "binades:-8:7", "uniform:-1:1"})
  void sums_ofBlocks_equalTheScalarOnes(String kind) {
    SumKernel scalar = new ScalarSumKernel();
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
    SumKernel scalar = new ScalarSumKernel();
    for (int rows : new int[] {0, 1, 2, 7, 30}) {
      for (int columns = 1; columns < 80; columns++) {
        double[] matrix = Streams.values(kind, columns, rows * columns);
        double[] center = Streams.values(kind, rows, columns);
        double[] expected = new double[columns + 1];
        Arrays.fill(expected, UNTOUCHED);
        double[] sum = expected.clone();
        scalar.sumOverRows(matrix, rows, columns, expected);
        vector.sumOverRows(matrix, rows, columns, sum);
        assertArrayEquals(Streams.bits(expected), Streams.bits(sum), rows + " x " + columns);
        scalar.squaredDeviationsOverRows(matrix, rows, columns, center, expected);
        vector.squaredDeviationsOverRows(matrix, rows, columns, center, sum);
        assertArrayEquals(Streams.bits(expected), Streams.bits(sum), rows + " x " + columns);
      }
    }
  }
}
