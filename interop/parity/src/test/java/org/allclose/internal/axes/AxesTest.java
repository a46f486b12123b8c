package org.allclose.internal.axes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Compared with numpy on {@code a = np.arange(24.).reshape(2, 3, 4)}. */
class AxesTest {
  private static final Tensor A = counting(2, 3, 4);

  @Test
  void transpose_isThatOfNumpy() {
    // a.transpose(2, 0, 1)
    assertEquals(
        Tensor.of(
            Shape.of(4, 2, 3),
            0,
            4,
            8,
            12,
            16,
            20,
            1,
            5,
            9,
            13,
            17,
            21,
            2,
            6,
            10,
            14,
            18,
            22,
            3,
            7,
            11,
            15,
            19,
            23),
        Axes.transpose(A, 2, 0, 1));
    assertEquals(counting(2, 3, 4), A);
  }

  @Test
  void reverse_isTheFlipOfNumpy() {
    // np.flip(a, 1)[:, :, 0] and np.flip(a, 2)[0, 0]
    Tensor flipped = Axes.reverse(A, 1);
    assertEquals(8, flipped.get(0, 0, 0));
    assertEquals(4, flipped.get(0, 1, 0));
    assertEquals(0, flipped.get(0, 2, 0));
    assertEquals(20, flipped.get(1, 0, 0));
    assertEquals(3, Axes.reverse(A, 2).get(0, 0, 0));
    assertEquals(12, Axes.reverse(A, 0).get(0, 0, 0));
  }

  @Test
  void pad_isThatOfNumpy() {
    // np.pad(a[:, :2, :2], ((0, 0), (1, 0), (0, 2)), constant_values=-1)
    Tensor images = Tensor.of(Shape.of(2, 2, 2), 0, 1, 4, 5, 12, 13, 16, 17);
    Tensor padded = Axes.pad(images, -1, 1, 0, 0, 2);
    assertEquals(
        Tensor.of(
            Shape.of(2, 3, 4),
            -1,
            -1,
            -1,
            -1,
            0,
            1,
            -1,
            -1,
            4,
            5,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            12,
            13,
            -1,
            -1,
            16,
            17,
            -1,
            -1),
        padded);
  }

  @Test
  void take_isThatOfNumpy() {
    // np.take(a, [2, 0], axis=1)
    assertEquals(
        Tensor.of(Shape.of(2, 2, 4), 8, 9, 10, 11, 0, 1, 2, 3, 20, 21, 22, 23, 12, 13, 14, 15),
        Axes.take(A, 1, 2, 0));
  }

  @Test
  void append_addsTheLastAxis() {
    assertEquals(Shape.of(2, 3, 5), Axes.append(Shape.of(2, 3), 5));
  }

  @Test
  void unitsHaveTheirMeanAndTheirSum() {
    // (a - 2 * a).mean(axis=(0, 2)) = [-7.5, -11.5, -15.5]
    Tensor mean = Axes.meanOfUnits(A, Axes.scaled(A, 2));
    assertEquals(Tensor.vector(-7.5, -11.5, -15.5), mean);
    // (a + mean.reshape(1, 3, 1))[1, 2, 3] and [0, 1, 0]
    Tensor sum = Axes.addToUnits(A, mean);
    assertEquals(7.5, sum.get(1, 2, 3));
    assertEquals(-7.5, sum.get(0, 1, 0));
    assertEquals(counting(2, 3, 4), A);
  }

  @Test
  void combination_isLinear() {
    assertEquals(
        Tensor.vector(2 - 30, 4 - 60),
        Axes.combined(2, Tensor.vector(1, 2), -3, Tensor.vector(10, 20)));
  }

  private static Tensor counting(int... axes) {
    Tensor tensor = Tensor.zeros(axes);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.unwrap()[i] = i;
    }
    return tensor;
  }
}
