package org.allclose.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
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
