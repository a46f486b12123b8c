package org.allclose.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected losses are exact by hand: the exponentials are 0 or 1, the logarithms of 1. */
class SoftmaxLossTest {

  /** The formula gives -log(exp(-1000) / 1) = infinity; exactly, the loss is 1000. */
  @Test
  void loss_whereTheRightProbabilityUnderflows_isFinite() {
    Tensor gradient = Tensor.zeros(1, 2);
    Tensor scores = Tensor.matrix(new double[][] {{0, 1000}});
    assertEquals(1000, new SoftmaxLoss().evaluate(scores, Targets.labels(0), gradient));
    assertEquals(Tensor.matrix(new double[][] {{-1, 1}}), gradient);
  }

  /** The formula gives 739.9974...: exp(-740) is subnormal. exp(x) + 1 is 1, so the loss is -x. */
  @ParameterizedTest
  @ValueSource(doubles = {708.4, 709.78, 720.5, 740, 745.1, 745.2})
  void loss_whereTheRightProbabilityIsSubnormal_keepsItsDigits(double below) {
    Tensor gradient = Tensor.zeros(1, 2);
    Tensor scores = Tensor.matrix(new double[][] {{-below, 0}});
    assertEquals(below, new SoftmaxLoss().evaluate(scores, Targets.labels(0), gradient));
    assertEquals(Tensor.matrix(new double[][] {{-1, 1}}), gradient);
  }

  @Test
  void loss_whereOneOfTwoUnderflows_isTheMeanOfBoth() {
    Tensor scores = Tensor.matrix(new double[][] {{0, 1000}, {2000, 0}});
    double loss = new SoftmaxLoss().evaluate(scores, Targets.labels(0, 0), Tensor.zeros(2, 2));
    assertEquals(500, loss);
  }

  @Test
  void loss_ofOneClass_isZero() {
    double loss =
        new SoftmaxLoss()
            .evaluate(Tensor.of(Shape.of(2, 1), 5, -7), Targets.labels(0, 0), Tensor.zeros(2, 1));
    assertEquals(0, Math.abs(loss));
  }
}
