package org.allclose.internal.kernel.product;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.allclose.internal.kernel.runtime.Parallel;
import org.junit.jupiter.api.Test;

/** Compares bias and ReLU with numpy's expressions. */
class EpilogueTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  /**
   * Recipe:
   *
   * <pre>
   * x = np.array([[0.5, -1.0, np.inf, -np.inf, np.nan, 0.1]]).T
   * x.dot(np.array([[1.0]])) * (x.dot(np.array([[1.0]])) &gt; 0)
   * # 0.5, -0.0, inf, nan, nan, 0.1
   * </pre>
   */
  @Test
  void relu_ofSpecialValues_equalsNumpys() {
    double[] x = {0.5, -1.0, INFINITY, -INFINITY, NAN, 0.1};
    double[] c = product(x, 6, 1, new double[] {1.0}, Epilogue.NONE.withRelu());
    assertArrayEquals(new double[] {0.5, -0.0, INFINITY, NAN, NAN, 0.1}, c);
  }

  /**
   * Recipe: {@code np.array([[0.1], [3.0]]).dot(np.array([[0.1, 7.0]])) + np.array([0.2, -0.7])} is
   * {@code [[0.21000000000000002, 1.1102230246251565e-16], [0.5, 20.3]]}.
   */
  @Test
  void columnBias_isAddedAfterTheProduct() {
    Epilogue epilogue = Epilogue.columnBias(new double[] {9.0, 0.2, -0.7}, 1);
    double[] c = product(new double[] {0.1, 3.0}, 2, 2, new double[] {0.1, 7.0}, epilogue);
    assertArrayEquals(new double[] {0.21000000000000002, 1.1102230246251565e-16, 0.5, 20.3}, c);
  }

  /**
   * Recipe:
   *
   * <pre>
   * v = np.array([[0.25], [-3.0]]).dot(np.array([[1.0, 4.0]])) + np.array([-0.5, 1.0])[:, None]
   * v * (v &gt; 0)
   * # [[-0.0, 0.5], [-0.0, -0.0]]
   * </pre>
   */
  @Test
  void rowBias_thenRelu_isNumpysExpression() {
    Epilogue epilogue = Epilogue.rowBias(new double[] {-0.5, 1.0}, 0).withRelu();
    double[] c = product(new double[] {0.25, -3.0}, 2, 2, new double[] {1.0, 4.0}, epilogue);
    assertArrayEquals(new double[] {-0.0, 0.5, -0.0, -0.0}, c);
  }

  private static double[] product(double[] a, int m, int n, double[] b, Epilogue epilogue) {
    double[] c = new double[m * n];
    MatrixProduct.builder(m, n, 1)
        .epilogue(epilogue)
        .parallel(Parallel.serial())
        .build()
        .run(a, b, c);
    return c;
  }
}
