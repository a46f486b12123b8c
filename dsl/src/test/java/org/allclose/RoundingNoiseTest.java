package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.allclose.init.Gaussian;
import org.allclose.layer.Mode;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RoundingNoiseTest {

  /**
   * Errors of h = xV are {@code |x||V|}, independent, so that those of y = hW have the variance
   * {@code (|x||V|)^2 W^2 + (|h||W|)^2}.
   */
  @Test
  void noiseOfTwoLinearLayers_isTheRootOfTheirVariance() {
    int n = 20;
    NetworkSpec spec =
        Network.input(30)
            .dense("first", 40, d -> d.bias(false))
            .dense("second", 50, d -> d.bias(false))
            .build();
    Network network = spec.initialize(NumpyRandomState.seed(1), Gaussian.std(1));
    Tensor x = normal(2, n, 30);
    RoundingNoise noise = RoundingNoise.ofOutputs(network, x);
    Tensor v = network.parameters().get("first/W");
    Tensor w = network.parameters().get("second/W");
    double sum = 0;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < 50; k++) {
        double propagated = 0;
        double own = 0;
        for (int j = 0; j < 40; j++) {
          double h = 0;
          double terms = 0;
          for (int l = 0; l < 30; l++) {
            h += x.get(i, l) * v.get(l, j);
            terms += Math.abs(x.get(i, l) * v.get(l, j));
          }
          propagated += terms * terms * w.get(j, k) * w.get(j, k);
          own += Math.abs(h * w.get(j, k));
        }
        double ratio = noise.output("second").get(i, k) / Math.sqrt(propagated + own * own);
        assertTrue(ratio > 0.4 && ratio < 2, () -> "ratio " + ratio);
        sum += ratio * ratio;
      }
    }
    // Not below the terms alone, so a little more than 1.
    assertEquals(1.05, sum / (n * 50), 0.1);
  }

  @Test
  void noise_isTheSameEachTimeAndOnAnyNumberOfThreads() {
    Network network = classifier().initialize(NumpyRandomState.seed(3), Gaussian.std(0.3));
    Tensor x = normal(4, 9, 12);
    Targets labels = Targets.labels(0, 1, 2, 0, 1, 2, 0, 1, 2);
    RoundingNoise one = RoundingNoise.ofEvaluation(network.withThreads(1), x, labels);
    RoundingNoise two = RoundingNoise.ofEvaluation(network.withThreads(2), x, labels);
    assertEquals(one.loss(), two.loss());
    assertEquals(one.output("fc2"), two.output("fc2"));
    assertEquals(one.inputGradient("fc1"), two.inputGradient("fc1"));
    assertEquals(one.gradient("fc1/W"), two.gradient("fc1/W"));
    assertEquals(one.statistic("norm/runningMean"), two.statistic("norm/runningMean"));
    assertEquals(Shape.of(12, 8), one.gradient("fc1/W").shape());
  }

  /** The gradient of a bias before a batch norm is 0, but what it is summed from is not. */
  @Test
  void noiseOfAVanishingGradient_isThatOfItsTerms() {
    Network network = classifier().initialize(NumpyRandomState.seed(3), Gaussian.std(0.3));
    Tensor x = normal(4, 6, 12);
    Targets labels = Targets.labels(0, 1, 2, 0, 1, 2);
    Evaluation evaluation = network.evaluate(x, labels);
    RoundingNoise noise = RoundingNoise.ofEvaluation(network, x, labels);
    for (int i = 0; i < 8; i++) {
      double gradient = Math.abs(evaluation.gradient("fc1/b").get(i));
      assertTrue(gradient < 1e-15);
      assertTrue(noise.gradient("fc1/b").get(i) > 1e-4);
      assertTrue(gradient < 4 * 0x1p-53 * noise.gradient("fc1/b").get(i));
    }
  }

  /** 1 - 1 is exactly 0, and an error of either sign would decide. */
  @Test
  void decisions_stayAsTheyAre() {
    Network network =
        Network.input(2)
            .dense("fc", 2, d -> d.bias(false))
            .relu()
            .build()
            .bind(
                Parameters.of(
                    Map.of("fc/W", Tensor.matrix(new double[] {1, 1}, new double[] {1, 0}))));
    Tensor x = Tensor.matrix(new double[] {1, -1});
    RoundingNoise noise = RoundingNoise.ofBackward(network, x, Tensor.matrix(new double[] {5, 7}));
    assertTrue(noise.output("fc").get(0, 0) >= 2);
    assertEquals(0, noise.output("relu1").get(0, 0));
    assertEquals(0, noise.inputGradient("relu1").get(0, 0));
    assertEquals(7, noise.inputGradient("relu1").get(0, 1), 7);
    assertEquals(0, noise.gradient("fc/W").get(0, 0));
  }

  @Test
  void dropped_staysDropped() {
    Network network =
        Network.input(50)
            .dropout(0.5)
            .build()
            .bind(Parameters.of(Map.of()))
            .withMode(Mode.TRAINING);
    Tensor x = normal(5, 4, 50);
    Tensor scores =
        network.withRandom(NumpyRandomState.seed(6)).backward(x, normal(7, 4, 50)).scores();
    RoundingNoise noise = RoundingNoise.ofOutputs(network.withRandom(NumpyRandomState.seed(6)), x);
    for (int i = 0; i < scores.size(); i++) {
      double size = noise.output("dropout1").unwrap()[i];
      assertTrue(size >= Math.abs(scores.unwrap()[i]) && size <= 2 * Math.abs(scores.unwrap()[i]));
    }
  }

  /** {@code 0.5 * l2 * W * W} on the loss, {@code l2 * |W|} on the gradient. */
  @Test
  void penalty_hasTermsOfItsOwn() {
    NetworkSpec spec =
        Network.input(1).dense("fc", 1, d -> d.bias(false)).meanSquaredError().build();
    Parameters parameters = Parameters.of(Map.of("fc/W", Tensor.matrix(new double[] {-3})));
    Tensor zero = Tensor.zeros(1, 1);
    Targets targets = Targets.values(zero);
    RoundingNoise noise =
        RoundingNoise.ofEvaluation(spec.withL2(2).bind(parameters), zero, targets);
    assertEquals(9, noise.loss());
    assertEquals(6, noise.gradient("fc/W").get(0, 0));
  }

  @Test
  void whatWasNotMeasured_isRefused() {
    Network network = classifier().initialize(NumpyRandomState.seed(3), Gaussian.std(0.3));
    RoundingNoise noise = RoundingNoise.ofOutputs(network, normal(4, 6, 12));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> noise.gradient("fc1/W"));
    assertEquals("rounding noise: expected one of [] but got gradient 'fc1/W'", e.getMessage());
    assertEquals(0, noise.loss());
  }

  @Test
  void network_decidesAsForOtherInputs() {
    Network network = Network.input(3).relu().build().bind(Parameters.of(Map.of()));
    Tensor x = Tensor.matrix(new double[] {1, -2, 3});
    Tensor other = Tensor.matrix(new double[] {-1, 1, 1});
    Tensor ones = Tensor.matrix(new double[] {1, 1, 1});
    Evaluation evaluation = network.decidingAs(Map.of("relu1", other)).backward(x, ones);
    assertEquals(Tensor.matrix(new double[] {0, -2, 3}), evaluation.scores());
    assertEquals(Tensor.matrix(new double[] {0, 1, 1}), evaluation.inputGradient());
    Network pool = Network.input(1, 2, 2).maxPool2d(2).build().bind(Parameters.of(Map.of()));
    Tensor image = Tensor.of(Shape.of(1, 1, 2, 2), 1, 2, 3, 4);
    Tensor upsideDown = Tensor.of(Shape.of(1, 1, 2, 2), 4, 3, 2, 1);
    Evaluation first =
        pool.decidingAs(Map.of("pool1", upsideDown))
            .backward(image, Tensor.of(Shape.of(1, 1, 1, 1), 5));
    assertEquals(1, first.scores().unwrap()[0]);
    assertEquals(Tensor.of(Shape.of(1, 1, 2, 2), 5, 0, 0, 0), first.inputGradient());
  }

  private static NetworkSpec classifier() {
    return Network.input(12)
        .dense("fc1", 8)
        .batchNorm("norm")
        .relu()
        .dense("fc2", 3)
        .softmaxLoss()
        .build();
  }

  private static Tensor normal(int seed, int... axes) {
    Tensor tensor = Tensor.zeros(axes);
    NumpyRandomState random = NumpyRandomState.seed(seed);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.unwrap()[i] = random.nextGaussian();
    }
    return tensor;
  }
}
