package org.allclose.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DrawnWeightsTest {

  /** The numbers are those of drawn_weights in allclose_record.py. */
  @Test
  void of_drawsWeightsFirst_andNotWhatIsKept() {
    NetworkSpec spec =
        Network.input(1, 1, 2)
            .conv2d("conv", 2, conv -> conv.kernel(1, 2).bias(false))
            .groupNorm("norm", 1)
            .flatten()
            .dense("fc", 3)
            .build();
    Tensor beta = Tensor.vector(7, 8);
    Parameters drawn = DrawnWeights.of(spec, 231, Parameters.of(Map.of("norm/beta", beta)));
    assertEquals(beta, drawn.get("norm/beta"));
    assertElements(
        drawn,
        "conv/W",
        0.41794341085522313,
        1.3971002787857785,
        -1.7859043087115503,
        -0.7088277337845966);
    assertElements(
        drawn,
        "fc/W",
        -0.0747253160682306,
        -0.7750167689275921,
        -0.1497979028339611,
        1.861729024181691,
        -1.4255292997340048,
        -0.37635669945558553);
    assertElements(drawn, "norm/gamma", 1.2430398461884264, 1.0420161917605166);
    assertElements(drawn, "fc/b", 0.2253598213909461, 0.08373095578984037, 0.2847316540582896);
    assertEquals(
        List.of("conv/W", "norm/gamma", "norm/beta", "fc/W", "fc/b"),
        List.copyOf(spec.bind(drawn).parameters().names()));
  }

  private static void assertElements(Parameters parameters, String name, double... expected) {
    assertArrayEquals(expected, parameters.get(name).toArray(), 0, name);
  }
}
