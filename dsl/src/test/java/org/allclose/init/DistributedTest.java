package org.allclose.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.allclose.Network;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.distribution.ExponentialDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.junit.jupiter.api.Test;

/** Distributions of Commons Math on numpy's stream, against numpy. */
class DistributedTest {
  private static final Shape SHAPE = Shape.of(2, 2);

  private static double[] drawn(Initializer initializer) {
    NumpyRandomState random = NumpyRandomState.seed(231);
    return initializer.initialize(SHAPE, Fans.of(SHAPE), random).toArray();
  }

  /** {@code np.random.RandomState(231).uniform(-0.5, 2, (2, 2))} */
  @Test
  void of_aUniformDistribution_isNumpys() {
    assertArrayEquals(
        new double[] {
          1.45373510207205, 0.9605227902138582, 0.5667751754728125, 0.28836173728854075
        },
        drawn(Distributed.of(new UniformRealDistribution(-0.5, 2))));
  }

  /** {@code -0.3 * np.log1p(-np.random.RandomState(231).random_sample((2, 2)))} */
  @Test
  void of_anExponentialDistribution_invertsUniformNumbers() {
    assertArrayEquals(
        new double[] {
          0.4562825975171253, 0.26327184840186574, 0.16690911135800038, 0.11365193148772335
        },
        drawn(Distributed.of(new ExponentialDistribution(0.3))),
        1e-15);
  }

  /**
   * {@code r = np.random.RandomState(231); r.normal(0.5, 0.1, (2, 3)); r.normal(0.5, 0.1, 2)}: one
   * parameter after another.
   */
  @Test
  void sampled_ofANormalDistribution_isNumpys() {
    Initializer initializer =
        Distributed.sampled(stream -> new NormalDistribution(stream, 0.5, 0.1));
    NumpyRandomState random = NumpyRandomState.seed(231);
    Network network =
        Network.input(2)
            .dense("fc1", 3, d -> d.bias(false))
            .dense("fc2", 1)
            .build()
            .initialize(random, initializer);
    assertEquals(
        Tensor.matrix(
            new double[] {0x1.156611603d893p-1, 0x1.478812a152cfap-1, 0x1.491f97101e8e8p-2},
            new double[] {0x1.b76a8199f57d7p-2, 0x1.f8591ee4857f6p-2, 0x1.b0a3668171174p-2}),
        network.parameters().get("fc1/W"));
    double[] next = network.parameters().get("fc2/W").toArray();
    assertEquals(0x1.f0a9234a870a4p-2, next[0]);
    assertEquals(0x1.5f520dfe932acp-1, next[1]);
  }

  @Test
  void distributed_prints() {
    assertEquals(
        "distributed(UniformRealDistribution)",
        Distributed.of(new UniformRealDistribution()).toString());
  }
}
