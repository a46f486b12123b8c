package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.allclose.init.Constant;
import org.allclose.init.Gaussian;
import org.allclose.layer.AxisRole;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.dense.Dense;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkBuilderTest {
  private static final NetworkSpec DIGITS =
      Network.input(64).dense("fc1", 100).relu().dense("fc2", 10).softmaxLoss().l2(1e-3).build();

  @Test
  void toString_isOneLine() {
    assertEquals(
        "input(64,) -> fc1:dense(100) -> relu1:relu -> fc2:dense(10) -> softmax loss + l2(0.001)",
        DIGITS.toString());
  }

  @Test
  void summary_hasOutputShapesAndParameterCounts() {
    assertEquals(
        """
        layer  type        output shape  parameters
        -----  ----------  ------------  ----------
        input              (n, 64)                0
        fc1    dense(100)  (n, 100)           6,500
        relu1  relu        (n, 100)               0
        fc2    dense(10)   (n, 10)            1,010
        total parameters: 7,510
        loss: softmax, l2 0.001
        """,
        DIGITS.summary());
  }

  @Test
  void parameters_areThoseOfCs231nInTheOrderOfTheLayers() {
    assertEquals(
        List.of(
            ParameterSpec.weight("fc1/W", Shape.of(64, 100), AxisRole.IN, AxisRole.OUT),
            ParameterSpec.bias("fc1/b", Shape.of(100), AxisRole.OUT),
            ParameterSpec.weight("fc2/W", Shape.of(100, 10), AxisRole.IN, AxisRole.OUT),
            ParameterSpec.bias("fc2/b", Shape.of(10), AxisRole.OUT)),
        DIGITS.parameters());
  }

  @Test
  void layersWithoutName_areCountedByKind() {
    NetworkSpec spec =
        Network.input(2, 3).flatten().dense(4).relu().dense("out", 5).relu().dense(6).build();
    assertEquals(
        List.of("flatten1", "dense1", "relu1", "out", "relu2", "dense3"),
        spec.layers().stream().map(Node::name).toList());
  }

  @Test
  void layersWithoutName_getAFreeOne() {
    NetworkSpec spec = Network.input(4).dense("dense2", 3).dense(3).dense(3).build();
    assertEquals(
        List.of("dense2", "dense3", "dense4"), spec.layers().stream().map(Node::name).toList());
  }

  @Test
  void layerTooLarge_isRefusedInItsPlace() {
    assertMessage(
        "layer 1 'fc1': shape (65536, 65536): expected at most 2147483647 elements but got 4294967296",
        () -> Network.input(65536).dense("fc1", 65536));
  }

  @Test
  void builder_isImmutableSoThatABeginningCanBeUsedTwice() {
    NetworkBuilder trunk = Network.input(4).dense("fc1", 3);
    NetworkSpec narrow = trunk.dense("out", 1).build();
    NetworkSpec wide = trunk.dense("out", 2).build();
    assertEquals(Shape.of(1), narrow.output());
    assertEquals(Shape.of(2), wide.output());
    assertNotEquals(narrow, wide);
  }

  @Test
  void dense_withoutBias_hasWeightsAlone() {
    NetworkSpec spec = Network.input(4).dense("fc1", 3, d -> d.bias(false)).build();
    assertEquals(
        List.of(ParameterSpec.weight("fc1/W", Shape.of(4, 3), AxisRole.IN, AxisRole.OUT)),
        spec.parameters());
    assertEquals("input(4,) -> fc1:dense(3, no bias)", spec.toString());
  }

  @Test
  void specs_areEqualIfAllTheirPartsAre() {
    NetworkSpec same =
        Network.input(64).dense("fc1", 100).relu().dense("fc2", 10).softmaxLoss().l2(1e-3).build();
    assertEquals(DIGITS, same);
    assertEquals(DIGITS.hashCode(), same.hashCode());
    assertNotEquals(DIGITS, Network.input(64).dense("fc1", 100).build());
  }

  /**
   * The bits of numpy: {@code np.random.seed(231); w1 = 1e-2 * np.random.randn(3, 4); w2 = 1e-2 *
   * np.random.randn(4, 2)}, {@code w1[2, 3]} and {@code w2[3, 1]} as {@code repr}.
   */
  @Test
  void initialize_drawsAsTheReferenceDoes() {
    Network network =
        Network.input(3)
            .dense("fc1", 4)
            .batchNorm("norm")
            .relu()
            .dense("fc2", 2)
            .build()
            .initialize(NumpyRandomState.seed(231), Gaussian.std(1e-2));
    Parameters parameters = network.parameters();
    assertEquals(0.0029490763658845593, parameters.get("fc1/W").get(2, 3));
    assertEquals(0.009910925119539081, parameters.get("fc2/W").get(3, 1));
    assertEquals(Tensor.zeros(4), parameters.get("fc1/b"));
    assertEquals(Tensor.vector(1, 1, 1, 1), parameters.get("norm/gamma"));
    assertEquals(Tensor.zeros(4), parameters.get("norm/runningMean"));
    assertEquals(Tensor.vector(1, 1, 1, 1), parameters.get("norm/runningVariance"));
  }

  @Test
  void initialize_ofALayerWithItsOwnInitializer_usesIt() {
    Network network =
        Network.input(3)
            .dense("fc1", 2, d -> d.initializer(new Constant(7)))
            .build()
            .initialize(NumpyRandomState.seed(1), Gaussian.std(1));
    assertEquals(Tensor.of(Shape.of(3, 2), 7, 7, 7, 7, 7, 7), network.parameters().get("fc1/W"));
  }

  @Test
  void input_withoutAxes_isRefused() {
    assertMessage("input: expected axes of at least length 1 but got shape ()", Network::input);
  }

  @Test
  void input_withAnEmptyAxis_isRefused() {
    assertMessage(
        "input: expected axes of at least length 1 but got shape (3, 0)",
        () -> Network.input(3, 0));
  }

  @Test
  void dense_withoutUnits_isRefused() {
    assertMessage("units: expected at least 1 but got 0", () -> new Dense(0));
    assertMessage(
        "layer 2 'fc2': units: expected at least 1 but got 0",
        () -> Network.input(4).dense("fc1", 3).dense("fc2", 0));
  }

  @Test
  void name_thatIsTaken_isRefused() {
    assertMessage(
        "layer 3 'fc1': expected a name not used yet but layer 1 has it",
        () -> Network.input(4).dense("fc1", 3).relu().dense("fc1", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a//b", "/a", "a b", "é"})
  void name_withOtherCharacters_isRefused(String name) {
    assertMessage(
        "layer 1 '"
            + name
            + "': expected a name of letters, digits, '_', '-' and '.' but got '"
            + name
            + "'",
        () -> Network.input(4).dense(name, 3));
  }

  @Test
  void softmaxLoss_ofScoresWithSeveralAxes_isRefused() {
    ShapeMismatchException e =
        assertThrows(ShapeMismatchException.class, () -> Network.input(3, 4).relu().softmaxLoss());
    assertEquals(
        "loss 'softmax': expected scores of shape (classes,) but got (3, 4)", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void l2_thatIsNoStrength_isRefused(double strength) {
    assertMessage(
        "l2: expected a finite strength of at least 0 but got " + strength,
        () -> Network.input(4).dense(3).softmaxLoss().l2(strength));
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
