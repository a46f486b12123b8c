package org.allclose.internal.kernel.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.allclose.random.NumpyRandomState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operations on arrays that are broadcast against one element after another. */
class BroadcastingTest {
  private static final int[][][] SHAPES = {
    {{7}, {7}},
    {{3, 5}, {3, 5}},
    {{3, 5}, {3, 1}},
    {{1, 5}, {3, 5}},
    {{2, 3, 4}, {2, 1, 4}},
    {{2, 1, 4}, {2, 3, 1}},
    {{2, 1, 1, 3}, {2, 5, 2, 1}},
    {{2, 1, 600}, {2, 2, 1}},
    {{1, 1}, {1, 1}},
    {{1, 1}, {1, 257}},
    {{1, 9, 1}, {1, 1, 1}},
    {{4}, {2, 3, 4}},
    {{}, {2, 3}},
    {{}, {}},
  };

  @ParameterizedTest
  @EnumSource
  void result_isThatOfOneElementAfterAnother(BinaryOperation operation) {
    for (int[][] shapes : SHAPES) {
      assertEqualsPlain(operation, shapes[0], shapes[1]);
      assertEqualsPlain(operation, shapes[1], shapes[0]);
    }
  }

  private static void assertEqualsPlain(BinaryOperation operation, int[] a, int[] b) {
    int[] shape = new int[Math.max(a.length, b.length)];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = Math.max(length(a, axis, shape.length), length(b, axis, shape.length));
    }
    NumpyRandomState random = NumpyRandomState.seed(7);
    double[] x = random.randn(size(a)).unwrap();
    double[] y = random.randn(size(b)).unwrap();
    double[] expected = new double[size(shape)];
    for (int i = 0; i < expected.length; i++) {
      operation.run(x, offset(a, shape, i), y, offset(b, shape, i), expected, i, 1);
    }
    double[] actual = new double[expected.length];
    Broadcasting plan = Broadcasting.of(a, b);
    for (int run = 0; run < 2; run++) {
      plan.run(operation, x, y, actual);
      assertArrayEquals(expected, actual);
    }
  }

  private static int length(int[] axes, int axis, int rank) {
    int own = axis - (rank - axes.length);
    return own < 0 ? 1 : axes[own];
  }

  private static int size(int[] axes) {
    int size = 1;
    for (int length : axes) {
      size *= length;
    }
    return size;
  }

  /** Returns where an operand has what the i-th element of the result is computed from. */
  private static int offset(int[] axes, int[] shape, int i) {
    int offset = 0;
    int stride = 1;
    int rest = i;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      int length = length(axes, axis, shape.length);
      offset += length == 1 ? 0 : rest % shape[axis] * stride;
      stride *= length;
      rest /= shape[axis];
    }
    return offset;
  }
}
