package org.allclose.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.allclose.Evaluation;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.layer.activation.Function;
import org.allclose.tensor.Tensor;
import org.allclose.train.GradientCheck;
import org.apache.commons.math3.analysis.FunctionUtils;
import org.apache.commons.math3.analysis.differentiation.UnivariateDifferentiableFunction;
import org.apache.commons.math3.analysis.function.Gaussian;
import org.apache.commons.math3.analysis.function.Sin;
import org.apache.commons.math3.analysis.function.Sinc;
import org.apache.commons.math3.analysis.function.Tanh;
import org.junit.jupiter.api.Test;

/** Functions of Commons Math as activations, against numpy's expressions. */
class FunctionTest {
  private static final Tensor X = Tensor.matrix(new double[] {0, 0.5, -2, 3});

  private static void assertFunction(
      UnivariateDifferentiableFunction function, double[] values, double[] derivatives) {
    Network network =
        Network.input(4).layer("f", new Function(function)).build().bind(Parameters.of(Map.of()));
    assertArrayEquals(values, network.predict(X).toArray(), 1e-15);
    Tensor upstream = Tensor.matrix(new double[] {1, -2, 1, 1});
    Evaluation evaluation = network.backward(X, upstream);
    double[] expected = derivatives.clone();
    expected[1] *= -2;
    assertArrayEquals(expected, evaluation.inputGradient().toArray(), 1e-15);
    GradientCheck.Report report = GradientCheck.of(network).threshold(1e-8).run(X, upstream);
    assertTrue(report.passes(), report.toString());
  }

  /** {@code g = np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)} and {@code -x * g}. */
  @Test
  void gaussian_isNumpysExpression() {
    assertFunction(
        new Gaussian(),
        new double[] {
          0.3989422804014327, 0.3520653267642995, 0.05399096651318806, 0.0044318484119380075
        },
        new double[] {-0.0, -0.17603266338214976, 0.10798193302637613, -0.013295545235814023});
  }

  /** {@code s = np.sin(x) / x} and {@code (np.cos(x) - s) / x}, 1 and 0 where x is 0. */
  @Test
  void sinc_isNumpysExpression() {
    assertFunction(
        new Sinc(),
        new double[] {1, 0.958851077208406, 0.45464871341284085, 0.0470400026866224},
        new double[] {0, -0.1625370306360665, 0.43539777497999166, -0.34567749976235596});
  }

  /** {@code u = np.tanh(np.sin(x))} and {@code (1 - u * u) * np.cos(x)}. */
  @Test
  void composition_isNumpysExpression() {
    UnivariateDifferentiableFunction outer = new Tanh();
    UnivariateDifferentiableFunction inner = new Sin();
    assertFunction(
        FunctionUtils.compose(outer, inner),
        new double[] {0, 0.44578342536309, -0.7207948703648466, 0.14019061593132276},
        new double[] {1, 0.7031868432619841, -0.19993972633724233, -0.9705357693605726});
  }

  @Test
  void function_prints() {
    assertEquals("function(Sinc)", new Function(new Sinc()).toString());
  }
}
