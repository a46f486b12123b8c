package org.allclose.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.TestData;
import org.allclose.init.Gaussian;
import org.allclose.network.NetworkFile;
import org.allclose.random.NumpyRandomState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The reference draws the weights of these cases first of all: {@code scale *
 * RandomState(231).randn(in, out)}, layer after layer.
 */
class InitializationParityTest {

  @ParameterizedTest
  @ValueSource(strings = {"two_layer", "four_layer"})
  void initialize_drawsTheWeightsOfTheReference(String name) throws IOException {
    assertWeights(name, 0.3);
  }

  @Test
  void initialize_drawsTheWeightsOfAConvnet() throws IOException {
    assertWeights("convnet", 0.1);
  }

  private static void assertWeights(String name, double scale) throws IOException {
    Path folder = TestData.fixtures().resolve(name);
    NumpyWeights recorded = NumpyWeights.open(folder.resolve("weights.npz"));
    NetworkSpec spec = NetworkFile.read(folder.resolve("network.json"));
    Parameters drawn =
        spec.initialize(NumpyRandomState.seed(231), Gaussian.std(scale)).parameters();
    for (String parameter : drawn.names()) {
      if (parameter.endsWith("/W")) {
        assertEquals(recorded.get(parameter), drawn.get(parameter), parameter);
      }
    }
  }
}
