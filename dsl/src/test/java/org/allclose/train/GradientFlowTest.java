package org.allclose.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.allclose.Evaluation;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.init.Gaussian;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class GradientFlowTest {

  @Test
  void norms_andZeros_areOfTheGradients() {
    Parameters parameters = Parameters.wrap(Map.of("fc1/W", Tensor.vector(0, 0, 1)));
    Parameters gradients = Parameters.wrap(Map.of("fc1/W", Tensor.vector(3, 0, -4)));
    GradientFlow flow = GradientFlow.of(parameters, gradients);
    assertEquals(List.of(new GradientFlow.Entry("fc1/W", 5, 1, 1.0 / 3)), flow.entries());
    assertEquals(List.of(), flow.warnings());
  }

  @Test
  void gradients_thatAreZeroVanishOrExplode_areWarnedOf() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    double[] norms = {0, 1e-6, 0.5, 1};
    for (int i = 0; i < norms.length; i++) {
      values.put("fc" + i + "/W", Tensor.vector(1));
      gradients.put("fc" + i + "/W", Tensor.vector(norms[i]));
    }
    values.put("fc3/b", Tensor.vector(1e-3));
    gradients.put("fc3/b", Tensor.vector(1));
    assertEquals(
        List.of(
            "fc0/W: the gradient is 0: nothing here learns",
            "fc1/W: the gradient vanishes: its norm 1.0e-06 is 1e-06 of the largest",
            "fc3/b: the gradient explodes: its norm 1.0e+00 is 1e+03 times the parameter's"),
        GradientFlow.of(Parameters.wrap(values), Parameters.wrap(gradients)).warnings());
  }

  @Test
  void manySigmoids_vanish_whereRectifiersDoNot() {
    assertTrue(
        warnings(LayerSteps::sigmoid).stream()
            .anyMatch(line -> line.startsWith("fc1/W: the gradient vanishes")));
    assertEquals(List.of(), warnings(LayerSteps::relu));
  }

  private static List<String> warnings(
      java.util.function.Function<LayerSteps, org.allclose.NetworkBuilder> activation) {
    LayerSteps steps = Network.input(20);
    for (int i = 1; i <= 12; i++) {
      steps = activation.apply(steps.dense("fc" + i, 20));
    }
    Network network =
        steps
            .dense("fc13", 5)
            .softmaxLoss()
            .build()
            .initialize(NumpyRandomState.seed(231), Gaussian.std(Math.sqrt(2.0 / 20)));
    Evaluation evaluation =
        network.evaluate(NumpyRandomState.seed(1).randn(6, 20), Targets.labels(0, 1, 2, 3, 4, 0));
    return GradientFlow.of(network.parameters(), evaluation.gradients()).warnings();
  }
}
