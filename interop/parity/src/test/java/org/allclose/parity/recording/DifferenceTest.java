package org.allclose.parity.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalDouble;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  @Test
  void between_equalTensors_hasNoWorstElement() {
    Tensor tensor = Tensor.vector(1, Double.NaN, -0.0);
    assertEquals(
        new Difference(3, 3, 0, -1, 0, 0, 0, 0, 0, 0, OptionalDouble.empty()),
        Difference.between(tensor, tensor.copy()));
  }

  @Test
  void between_findsTheLargestAbsoluteError() {
    Tensor expected = Tensor.matrix(new double[][] {{1, 2}, {4, 8}});
    Tensor actual = Tensor.matrix(new double[][] {{1, Math.nextUp(2.0)}, {4.5, 8}});
    Difference d = Difference.between(expected, actual);
    assertEquals(2, d.bitEqual());
    assertEquals("(1, 0)", Difference.index(expected.shape(), d.worst()));
    assertEquals(4, d.expected());
    assertEquals(4.5, d.actual());
    assertEquals(0.5, d.absolute());
    assertEquals(0.125, d.relative());
    // 2^52 doubles lie between 4 and 8; the ulp of the largest expected value, 8, is 2^-49.
    assertEquals(Math.scalb(1.0, 49), d.elementUlps());
    assertEquals(Math.scalb(1.0, 48), d.normwiseUlps());
  }

  @Test
  void between_countsElementwiseUlpsAcrossZero() {
    Difference d =
        Difference.between(Tensor.vector(Double.MIN_VALUE, 1), Tensor.vector(-Double.MIN_VALUE, 1));
    // MIN_VALUE, 0.0, -0.0, -MIN_VALUE: three steps.
    assertEquals(3, d.elementUlps());
    assertEquals(2 * Double.MIN_VALUE, d.absolute());
  }

  @Test
  void between_signedZeros_differInBitsAndNotInSize() {
    Difference d = Difference.between(Tensor.vector(0.0), Tensor.vector(-0.0));
    assertEquals(0, d.bitEqual());
    assertEquals(0, d.worst());
    assertEquals(0, d.absolute());
    assertEquals(0, d.normwiseUlps());
    assertEquals(1, d.elementUlps());
  }

  @Test
  void between_countsZerosOfTheOtherSign() {
    Difference d = Difference.between(Tensor.vector(0.0, -0.0, 0, 1), Tensor.vector(-0.0, 0, 0, 1));
    assertEquals(2, d.bitEqual());
    assertEquals(2, d.zeroSigns());
    assertEquals(1, Difference.between(Tensor.vector(0.0, 1), Tensor.vector(-0.0, 2)).zeroSigns());
  }

  /** The ulp of 3 is 2^-22 in float32, 2^-9 in float16 and 2^-6 in bfloat16. */
  @Test
  void between_whatWasRecordedInAnotherFormat_countsItsUlps() {
    for (FloatFormat format : FloatFormat.values()) {
      double ulp =
          switch (format) {
            case FLOAT16 -> 0x1p-9;
            case BFLOAT16 -> 0x1p-6;
            case FLOAT32 -> 0x1p-22;
            case FLOAT64 -> 0x1p-51;
          };
      Difference d =
          Difference.between(
              Tensor.vector(3, 1), Tensor.vector(3 + 2 * ulp, 1), format, Optional.empty());
      assertEquals(2, d.elementUlps(), format.toString());
      assertEquals(2, d.normwiseUlps(), format.toString());
    }
  }

  /** The first element is off by more, the second by more of its own rounding errors. */
  @Test
  void between_knownTerms_findsTheLargestErrorInTheirUnits() {
    Difference d =
        Difference.between(
            Tensor.vector(100, 1),
            Tensor.vector(100 + 0x1p-40, 1 + 0x1p-50),
            FloatFormat.FLOAT64,
            Optional.of(Tensor.vector(0x1p20, 1)));
    assertEquals(1, d.worst());
    assertEquals(8, d.roundings().orElseThrow());
    assertEquals(0x1p-50, d.absolute());
    assertEquals(64, d.normwiseUlps()); // of the first: the ulp of 100 is 2^-46
  }

  @Test
  void between_aNumberAndNaNOrInfinity_isInfinitelyFar() {
    for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Difference d = Difference.between(Tensor.vector(5, 1), Tensor.vector(5.5, wrong));
      assertEquals(1, d.worst());
      assertEquals(Double.POSITIVE_INFINITY, d.absolute());
      assertEquals(Double.POSITIVE_INFINITY, d.normwiseUlps());
    }
    assertEquals(
        Double.POSITIVE_INFINITY,
        Difference.between(Tensor.vector(Double.NaN), Tensor.vector(1)).elementUlps());
  }

  @Test
  void worstIndex_isThatOfAPythonTuple() {
    Tensor zeros = Tensor.zeros(3, 1, 4);
    Tensor other = zeros.copy();
    other.set(1, 2, 0, 3);
    assertEquals(
        "(2, 0, 3)", Difference.index(zeros.shape(), Difference.between(zeros, other).worst()));
    assertEquals(
        "(1,)",
        Difference.index(
            Shape.of(2), Difference.between(Tensor.vector(0, 0), Tensor.vector(0, 1)).worst()));
    assertEquals(
        "()",
        Difference.index(
            Shape.of(), Difference.between(Tensor.scalar(0), Tensor.scalar(1)).worst()));
  }
}
