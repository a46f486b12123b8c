package org.allclose.weights;

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
