package org.allclose.parity.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PrecisionTest {

  /** By {@code float(np.float16(x))}. */
  @Test
  void float16_isThatOfNumpy() {
    assertEquals(
        Tensor.vector(
            0.0999755859375,
            -0.333251953125,
            0x1p-24,
            0,
            65504,
            Double.POSITIVE_INFINITY,
            2048,
            2052,
            Double.NEGATIVE_INFINITY),
        Precision.FLOAT16.round(
            Tensor.vector(
                0.1, -1 / 3.0, 6e-8, 1e-9, 65519, 65520, 2049, 2051, Double.NEGATIVE_INFINITY)));
  }

  /** By {@code float(np.float32(x))}. */
  @Test
  void float32_isThatOfNumpy() {
    assertEquals(
        Tensor.vector(0.10000000149011612, -0.3333333432674408, 9.99994610111476e-41, 2049),
        Precision.FLOAT32.round(Tensor.vector(0.1, -1 / 3.0, 1e-40, 2049)));
  }

  /** By {@code torch.tensor(x, dtype=torch.float64).to(torch.bfloat16).item()}. */
  @Test
  void bfloat16_isThatOfPyTorch() {
    assertEquals(
        Tensor.vector(0.10009765625, -0.333984375, 256, 260),
        Precision.BFLOAT16.round(Tensor.vector(0.1, -1 / 3.0, 257, 259)));
  }

  @Test
  void precision_isToldFromAllDigits() {
    assertEquals(Precision.FLOAT32, Precision.of(Tensor.vector(0.1f, 1, 0.3f)));
    assertEquals(Precision.FLOAT64, Precision.of(Tensor.vector(0.1f, 1, 0.3)));
    // Short numbers and whole ones are floats by chance.
    assertEquals(Precision.FLOAT64, Precision.of(Tensor.vector(0.5, 1.25, 3)));
    assertEquals(Precision.FLOAT64, Precision.of(Tensor.vector(16777215, 5)));
  }
}
