package org.allclose.internal.kernel.product;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.random.NumpyRandomState;
import org.junit.jupiter.api.Test;

/** Products of many matrices against one product after another. */
class MatrixProductsTest {

  @Test
  void products_areThoseOfEachPair_onAnyNumberOfThreads() {
    int[][][] leads = {
      {{}, {}, {}}, {{6}, {6}, {6}}, {{2, 1}, {2, 3}, {2, 3}}, {{1, 3, 1}, {2, 1, 2}, {2, 3, 2}}
    };
    for (int[][] lead : leads) {
      for (int threads = 1; threads <= 3; threads++) {
        assertEqualsSingle(lead[0], lead[1], lead[2], threads);
      }
    }
  }

  private static void assertEqualsSingle(int[] aLead, int[] bLead, int[] lead, int threads) {
    int m = 5;
    int n = 7;
    int k = 3;
    NumpyRandomState random = NumpyRandomState.seed(3);
    double[] a = random.randn(size(aLead) * m * k).unwrap();
    double[] b = random.randn(size(bLead) * k * n).unwrap();
    double[] expected = new double[size(lead) * m * n];
    MatrixProduct product = MatrixProduct.builder(m, n, k).transposeB().build();
    for (int i = 0; i < size(lead); i++) {
      int first = index(aLead, lead, i);
      int second = index(bLead, lead, i);
      product.run(a, first * m * k, b, second * k * n, expected, i * m * n);
    }
    double[] actual = new double[expected.length];
    MatrixProduct.Builder plan = MatrixProduct.builder(m, n, k).transposeB();
    new MatrixProducts(plan, aLead, bLead, lead, Parallel.of(threads)).run(a, b, actual);
    assertArrayEquals(expected, actual);
  }

  private static int size(int[] axes) {
    int size = 1;
    for (int length : axes) {
      size *= length;
    }
    return size;
  }

  private static int index(int[] own, int[] lead, int i) {
    int index = 0;
    int stride = 1;
    int rest = i;
    for (int axis = lead.length - 1; axis >= 0; axis--) {
      index += own[axis] == 1 ? 0 : rest % lead[axis] * stride;
      stride *= own[axis];
      rest /= lead[axis];
    }
    return index;
  }
}
