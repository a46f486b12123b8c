package org.allclose.internal.kernel.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Clipping; the steps of optimizers are compared with numpy's in {@code OptimizerDigestsTest}. */
class OptimizerStepsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double TINY = Double.MIN_VALUE;

  /**
   * Recipe:
   *
   * <pre>
   * x = np.array([1.5, -1.5, np.nextafter(1.5, 2), np.nextafter(-1.5, -2), 0.0, -0.0, 0.25, -0.25,
   *               np.inf, -np.inf, np.nan, 5e-324, -5e-324])
   * np.clip(x, -1.5, 1.5)
   * np.clip(x, -0.0, 0.0)
   * </pre>
   */
  @Test
  void clip_ofSpecialValues_equalsNumpys() {
    double above = Math.nextUp(1.5);
    double[] x = {
      1.5, -1.5, above, -above, 0.0, -0.0, 0.25, -0.25, INFINITY, -INFINITY, Double.NaN, TINY, -TINY
    };
    double[] zeros = x.clone();
    OptimizerSteps.clip(x, 1.5, x.length);
    assertArrayEquals(
        new double[] {
          1.5, -1.5, 1.5, -1.5, 0.0, -0.0, 0.25, -0.25, 1.5, -1.5, Double.NaN, TINY, -TINY
        },
        x);
    OptimizerSteps.clip(zeros, 0.0, zeros.length);
    assertArrayEquals(
        new double[] {0.0, -0.0, 0.0, -0.0, 0.0, -0.0, 0.0, -0.0, 0.0, -0.0, Double.NaN, 0.0, -0.0},
        zeros);
  }

  @Test
  void clip_ofTheFirstElements_leavesTheRest() {
    double[] x = {3, -3, 3};
    OptimizerSteps.clip(x, 2.0, 2);
    assertArrayEquals(new double[] {2, -2, 3}, x);
  }
}
