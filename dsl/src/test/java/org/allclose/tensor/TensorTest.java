package org.allclose.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TensorTest {

  @Test
  void get_isInCOrder() {
    Tensor tensor = Tensor.of(Shape.of(2, 3, 4), count(24));
    assertEquals(0, tensor.get(0, 0, 0));
    assertEquals(3, tensor.get(0, 0, 3));
    assertEquals(4, tensor.get(0, 1, 0));
    assertEquals(23, tensor.get(1, 2, 3));
  }

  @Test
  void of_copiesAndWrapShares() {
    double[] elements = {1, 2};
    Tensor copy = Tensor.vector(elements);
    Tensor view = Tensor.wrap(Shape.of(2), elements);
    elements[0] = 9;
    assertEquals(1, copy.get(0));
    assertEquals(9, view.get(0));
    assertSame(elements, view.unwrap());
  }

  @Test
  void reshapeAndMatrix_shareTheStorage() {
    Tensor tensor = Tensor.of(Shape.of(2, 3, 4), count(24));
    DenseMatrix matrix = tensor.asMatrix();
    assertEquals(12, matrix.getColumnDimension());
    assertEquals(13, matrix.getEntry(1, 1));
    matrix.setEntry(1, 1, -1);
    assertEquals(-1, tensor.get(1, 0, 1));
    assertEquals(-1, tensor.reshape(24).get(13));
  }

  @Test
  void map_isOfEachElement() {
    assertEquals(Tensor.vector(1, 4, 9), Tensor.vector(1, -2, 3).map(x -> x * x));
  }

  @Test
  void equals_comparesBits() {
    assertEquals(Tensor.vector(Double.NaN, 0.0), Tensor.vector(Double.NaN, 0.0));
    assertNotEquals(Tensor.vector(0.0), Tensor.vector(-0.0));
    assertNotEquals(Tensor.vector(1, 2), Tensor.of(Shape.of(1, 2), 1, 2));
  }

  @Test
  void toString_showsShapeAndFirstElements() {
    assertEquals("Tensor(2,) [1.0, 2.0]", Tensor.vector(1, 2).toString());
    assertEquals("Tensor() [7.0]", Tensor.scalar(7).toString());
    assertEquals(
        "Tensor(2, 4) [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, ...]",
        Tensor.of(Shape.of(2, 4), count(8)).toString());
  }

  @Test
  void wrongNumberOfElements_isRefused() {
    assertMessage(
        "tensor of shape (2, 3): expected 6 elements but got 5",
        () -> Tensor.of(Shape.of(2, 3), count(5)));
    assertMessage(
        "reshape of (2, 3): expected 6 elements but (4,) has 4",
        () -> Tensor.zeros(2, 3).reshape(4));
    assertMessage(
        "row 1: expected 2 elements but got 1", () -> Tensor.matrix(new double[][] {{1, 2}, {3}}));
    assertMessage(
        "index [1]: expected one index for each axis of (2, 3)", () -> Tensor.zeros(2, 3).get(1));
  }

  @Test
  void index_outsideOfTheShape_isRefused() {
    IndexOutOfBoundsException e =
        assertThrows(IndexOutOfBoundsException.class, () -> Tensor.zeros(2, 3).get(0, 3));
    assertEquals("index [0, 3]: outside of shape (2, 3)", e.getMessage());
  }

  @Test
  void shape_printsAsInPython() {
    assertEquals("()", Shape.of().toString());
    assertEquals("(3,)", Shape.of(3).toString());
    assertEquals("(3, 32, 32)", Shape.of(3, 32, 32).toString());
  }

  @Test
  void shape_ofTooManyElements_isRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Shape.of(65536, 65536));
    assertEquals(
        "shape (65536, 65536): expected at most 2147483647 elements but got 4294967296",
        e.getMessage());
    int big = Integer.MAX_VALUE;
    assertThrows(IllegalArgumentException.class, () -> Shape.of(big, big, big, big, big));
    assertEquals(0, Shape.of(big, big, big, 0).size());
  }

  @Test
  void shape_withANegativeLength_isRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
    assertEquals("shape (2, -1): expected lengths of at least 0 but got -1", e.getMessage());
  }

  private static double[] count(int n) {
    double[] elements = new double[n];
    for (int i = 0; i < n; i++) {
      elements[i] = i;
    }
    return elements;
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(ShapeMismatchException.class, call).getMessage());
  }
}
