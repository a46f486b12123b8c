package org.allclose.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.allclose.random.NumpyRandomState;
import org.apache.commons.math3.exception.DimensionMismatchException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixDimensionMismatchException;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;

/** Compares with Commons Math's own matrix; products of whole numbers are exact in any order. */
class DenseMatrixTest {

  @Test
  void multiply_ofWholeNumbers_equalsCommonsMath() {
    for (int size = 1; size < 12; size++) {
      RealMatrix left = wholeNumbers(size, size + 2, size);
      RealMatrix right = wholeNumbers(size + 2, 3, size + 100);
      RealMatrix expected = left.multiply(right);
      assertEquals(expected, DenseMatrix.of(left).multiply(right));
      assertEquals(expected, DenseMatrix.of(right).preMultiply(left));
      assertEquals(expected.transpose(), DenseMatrix.of(expected).transpose());
    }
  }

  @Test
  void operations_equalCommonsMath() {
    RealMatrix a = wholeNumbers(5, 4, 1);
    RealMatrix b = wholeNumbers(5, 4, 2);
    DenseMatrix dense = DenseMatrix.of(a);
    assertEquals(a.add(b), dense.add(b));
    assertEquals(a.subtract(b), dense.subtract(b));
    assertEquals(a.scalarMultiply(3), dense.scalarMultiply(3));
    ArrayRealVector v = new ArrayRealVector(new double[] {1, -2, 3, 4});
    assertEquals(a.operate(v), dense.operate(v));
    assertArrayEquals(a.operate(v.toArray()), dense.operate(v.toArray()));
    double[] left = {1, 2, -3, 4, 5};
    assertArrayEquals(a.preMultiply(left), dense.preMultiply(left));
    assertEquals(a.getSubMatrix(1, 2, 0, 3), dense.getSubMatrix(1, 2, 0, 3));
    assertTrue(dense.equals(a));
  }

  /**
   * The bits of numpy in the strict environment: {@code r = np.random.RandomState(231); a =
   * r.randn(3, 20); b = r.randn(20, 5); v = r.randn(20); u = r.randn(3)}; {@code a.dot(b)}, {@code
   * a.dot(v)} and {@code u.dot(a)}, each {@code .view(np.uint64)}.
   */
  @Test
  void products_haveTheBitsOfNumpy() {
    NumpyRandomState random = NumpyRandomState.seed(231);
    DenseMatrix a = random.randn(3, 20).asMatrix();
    DenseMatrix b = random.randn(20, 5).asMatrix();
    double[] v = random.randn(20).toArray();
    double[] u = random.randn(3).toArray();
    long[] ab = {
      0xc01aeae792f47bdaL,
      0x4005490c4fc1aeb4L,
      0xbfe3bd83f2f1f4ebL,
      0xc01241d0ecca874bL,
      0xbffa3aba9b3b9a33L,
      0x4014e1002fb5464cL,
      0xc00a7af945c32b41L,
      0xbff6252de7ed19afL,
      0x40055104b4595d2dL,
      0xc00591b9d6121a33L,
      0x4017efb9ebc9a931L,
      0x3ffb5dcf3146e65eL,
      0xbfedec30350d698cL,
      0xbff2c998499cc120L,
      0xbffe638bccb2286eL
    };
    long[] av = {0x40152b6f4e2990c7L, 0xbfd4bb15690e2396L, 0xc01a19f555099d04L};
    long[] ua = {
      0xbff2efcd3e07c188L,
      0xbfef64cf663b3a40L,
      0x3fe903227beef892L,
      0x3fcd2140a249a15aL,
      0xbfca3b5a05916d19L,
      0x3ffa6a25441714c2L,
      0x3fe82fa51f309c48L,
      0x3fc95b9274e1a44cL,
      0xbfd5517ff6bc4f1cL,
      0x3fe2036e4c4f6ac7L,
      0xbfd63a552f413b1eL,
      0xbff712317765dea6L,
      0x3ff2a1a6a6c3a06bL,
      0xbfe6b34e5b233a3cL,
      0xbfe11ae363c3b71dL,
      0xbfba33be843cf51cL,
      0xbfe17719ef1dc021L,
      0xbff98ddcf343c2c2L,
      0x3f89f275fb2e9360L,
      0xbfe11abf6875635dL
    };
    assertArrayEquals(ab, bits(a.multiply(b).unwrap()));
    assertArrayEquals(ab, bits(a.multiply(new Array2DRowRealMatrix(b.getData())).unwrap()));
    assertArrayEquals(ab, bits(b.preMultiply(new Array2DRowRealMatrix(a.getData())).unwrap()));
    assertArrayEquals(av, bits(a.operate(v)));
    assertArrayEquals(ua, bits(a.preMultiply(u)));
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void transpose_ofManySizes_equalsCommonsMath() {
    for (int[] size : new int[][] {{1, 1}, {1, 70}, {33, 32}, {64, 65}, {100, 3}}) {
      RealMatrix a = wholeNumbers(size[0], size[1], 5);
      assertEquals(a.transpose(), DenseMatrix.of(a).transpose());
    }
  }

  @Test
  void decompositions_runOnIt() {
    RealMatrix a = wholeNumbers(6, 6, 7);
    DenseMatrix dense = DenseMatrix.of(a);
    assertEquals(
        new LUDecomposition(a).getDeterminant(), new LUDecomposition(dense).getDeterminant());
    RealMatrix product =
        new SingularValueDecomposition(dense)
            .getU()
            .multiply(new SingularValueDecomposition(dense).getS())
            .multiply(new SingularValueDecomposition(dense).getVT());
    assertEquals(0, product.subtract(a).getNorm(), 1e-10);
  }

  @Test
  void multiply_ofMatricesThatDoNotFit_isCommonsMathsError() {
    assertThrows(
        DimensionMismatchException.class,
        () -> DenseMatrix.zeros(2, 3).multiply(DenseMatrix.zeros(2, 3)));
    assertThrows(
        DimensionMismatchException.class,
        () -> DenseMatrix.zeros(2, 3).preMultiply(DenseMatrix.zeros(2, 3)));
    assertThrows(
        DimensionMismatchException.class, () -> DenseMatrix.zeros(2, 3).operate(new double[2]));
    assertThrows(
        DimensionMismatchException.class, () -> DenseMatrix.zeros(2, 3).preMultiply(new double[3]));
    assertThrows(
        MatrixDimensionMismatchException.class,
        () -> DenseMatrix.zeros(2, 3).add(DenseMatrix.zeros(3, 2)));
    assertThrows(
        MatrixDimensionMismatchException.class,
        () -> DenseMatrix.zeros(2, 3).subtract(DenseMatrix.zeros(3, 2)));
  }

  @Test
  void wrap_ofTheWrongLength_isRefused() {
    ShapeMismatchException e =
        assertThrows(ShapeMismatchException.class, () -> DenseMatrix.wrap(2, 3, new double[5]));
    assertEquals("matrix of 2 rows and 3 columns: expected 6 elements but got 5", e.getMessage());
  }

  private static RealMatrix wholeNumbers(int rows, int columns, long seed) {
    Random random = new Random(seed);
    RealMatrix matrix = new Array2DRowRealMatrix(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.setEntry(i, j, random.nextInt(21) - 10);
      }
    }
    return matrix;
  }
}
