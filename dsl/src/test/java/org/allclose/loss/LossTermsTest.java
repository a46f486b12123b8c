package org.allclose.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Sums of the magnitudes of terms; expected ones are worked out by hand from the formulas. */
class LossTermsTest {
  private static final double NEAR = 1e-15;
  private final Tensor gradient = Tensor.zeros(1, 2);

  private double terms(Loss loss, Targets targets, double... scores) {
    return loss.terms(Tensor.matrix(scores), targets, gradient);
  }

  private void assertGradient(double... expected) {
    assertArrayEquals(expected, gradient.toArray(), NEAR);
  }

  /** However small the loss, 1 is rounded in {@code log(1 + exp(...))}. */
  @Test
  void softmax() {
    assertEquals(1 + Math.log(2), terms(new SoftmaxLoss(), Targets.labels(0), 5, 5), NEAR);
    assertGradient(2, 1);
    assertEquals(1, terms(new SoftmaxLoss(), Targets.labels(1), -700, 100), NEAR);
    assertGradient(0, 3);
    double wrong = terms(new SoftmaxLoss(), Targets.labels(0), -700, 100);
    assertEquals(801, wrong, NEAR);
    Targets half = Targets.values(Tensor.matrix(new double[] {0.5, 0.5}));
    assertEquals(1 + Math.log(2), terms(new SoftmaxLoss(), half, 5, 5), NEAR);
    assertGradient(1.5, 1.5);
  }

  @Test
  void hinge() {
    assertEquals(2 + 1 + 1, terms(new HingeLoss(), Targets.labels(0), 1, 2));
    assertGradient(1, 1);
    assertEquals(0, terms(new HingeLoss(), Targets.labels(0), 9, 2));
    assertGradient(0, 0);
  }

  @Test
  void meanSquaredError() {
    Targets zeros = Targets.values(Tensor.zeros(1, 2));
    assertEquals(2.5, terms(new MeanSquaredError(), zeros, 1, -2));
    assertGradient(1, 2);
  }

  @Test
  void lossesWithFactors() {
    Targets right = Targets.labels(0);
    assertEquals(
        3 * (1 + Math.log(2)),
        terms(new SoftmaxLoss().weights(3, 1).reduction(Reduction.SUM), right, 5, 5),
        NEAR);
    assertGradient(6, 3);
    assertEquals(0, terms(new SoftmaxLoss().ignored(0).reduction(Reduction.SUM), right, 5, 5));
    assertGradient(0, 0);
    Loss likelihood = new NegativeLogLikelihood().weights(3, 1).reduction(Reduction.SUM);
    assertEquals(6, terms(likelihood, right, 2, 5));
    assertGradient(3, 0);
  }

  @Test
  void lossesOfValues() {
    Targets targets = Targets.values(Tensor.matrix(new double[] {1, -1}));
    assertEquals((3 + 1.5) / 2, terms(new MeanAbsoluteError(), targets, 2, -0.5));
    assertGradient(0.5, 0.5);
    assertEquals(
        2 * (3 + 1) + 0.125, terms(new Huber(2).reduction(Reduction.SUM), targets, 4, -0.5));
    assertGradient(2, 0.5);
    assertEquals(3 + 1 + 0.0625, terms(new SmoothL1(2).reduction(Reduction.SUM), targets, 4, -0.5));
    assertGradient(1, 0.25);
    Targets shares = Targets.values(Tensor.matrix(new double[] {1, 0}));
    assertEquals(2, terms(new KlDivergence().reduction(Reduction.SUM), shares, -2, -3));
  }

  @Test
  void binaryCrossEntropy() {
    Targets half = Targets.values(Tensor.matrix(new double[] {0.5, 1}));
    double log = Math.log1p(Math.exp(-2));
    double p = 1 / (1 + Math.exp(-2));
    assertEquals(
        ((2 + 1 + log) + (2 + 2 + log)) / 2, terms(new BinaryCrossEntropy(), half, 2, -2), NEAR);
    assertGradient((p + 0.5) / 2, (1 - p + 1) / 2);
  }
}
