package org.allclose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.allclose.init.Gaussian;
import org.allclose.layer.Node;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.combine.Constant;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.loss.Targets;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.train.Dataset;
import org.junit.jupiter.api.Test;

/** Networks with branches, several inputs and outputs. */
class GraphTest {
  private static final Tensor X = NumpyRandomState.seed(5).randn(4, 3);
  private static final Tensor D_A = NumpyRandomState.seed(6).randn(4, 2);
  private static final Tensor D_B = NumpyRandomState.seed(7).randn(4, 2);

  /** Two heads on one input, the loss on the first. */
  private static Network heads() {
    return Network.input(3)
        .dense("a", 2)
        .from("input")
        .dense("b", 2)
        .outputs("a", "b")
        .loss(new SoftmaxLoss())
        .l2(0.1)
        .build()
        .initialize(NumpyRandomState.seed(1), Gaussian.std(1));
  }

  @Test
  void whatNoGradientReaches_hasGradientsOfZero_whateverWasBefore() {
    Map<String, Tensor> x = Map.of("input", X);
    Map<String, Tensor> first = Map.of("a", D_A);
    Map<String, Tensor> both = Map.of("a", D_A, "b", D_B);
    Tensor zeros = Tensor.zeros(3, 2);
    Network network = heads();
    Tensor reached = heads().backward(x, both).gradient("b/W");
    assertNotEquals(zeros, reached);
    for (int round = 0; round < 2; round++) {
      assertEquals(zeros, network.backward(x, first).gradient("b/W"));
      assertEquals(reached, network.backward(x, both).gradient("b/W"));
    }
    Tensor penalty = network.parameters().get("b/W").map(w -> 0.0 + 0.1 * w);
    assertEquals(penalty, network.evaluate(X, 0, 1, 0, 1).gradient("b/W"));
    assertEquals(penalty, network.evaluate(X, 0, 1, 0, 1).gradient("b/W"));
  }

  @Test
  void source_takesNothing_andIsTheSameForEachSample() {
    NetworkSpec spec =
        Network.input(3)
            .tanh("x")
            .parameter("shift", 3)
            .add("x", "shift")
            .constant("mask", 3)
            .multiply("add1", "mask")
            .build();
    assertEquals(
        "input(3,) -> x:tanh -> shift:parameter(3,) of nothing -> add1:add of x and shift"
            + " -> mask:constant(3,) of nothing -> multiply1:multiply of add1 and mask",
        spec.toString());
    Tensor shift = Tensor.vector(1, 2, 3);
    Tensor mask = Tensor.vector(1, 0, 2);
    Network network = spec.bind(Parameters.of(Map.of("shift/value", shift, "mask/constant", mask)));
    Evaluation e = network.backward(X, X);
    assertEquals(List.of("shift/value"), List.copyOf(e.gradients().names()));
    for (int j = 0; j < 3; j++) {
      double sum = 0;
      for (int i = 0; i < 4; i++) {
        sum += X.get(i, j) * mask.get(j);
      }
      assertEquals(sum, e.gradient("shift/value").get(j));
    }
    assertEquals(
        Tensor.zeros(3),
        spec.initialize(NumpyRandomState.seed(1), Gaussian.std(1)).parameters().get("shift/value"));
    assertEquals(Set.of("shift/value"), network.tracing().backward(X, X).gradients().names());
  }

  @Test
  void source_isGivenNothing_andOthersSomething() {
    NetworkBuilder x = Network.input(3).tanh("x");
    assertEquals(
        "layer 2 'c': expected no input but got 1",
        assertThrows(ShapeMismatchException.class, () -> x.layer("c", new Constant(3), "x"))
            .getMessage());
    assertEquals(
        "layer 2 'r': expected 1 input but got 0",
        assertThrows(
                ShapeMismatchException.class,
                () -> x.build().graph().append(Optional.of("r"), List.of(), Relu::new))
            .getMessage());
  }

  @Test
  void accuracy_isOfTheOutputThatTheLossTakes() {
    NetworkSpec spec =
        Network.input(3)
            .dense("a", 2)
            .from("input")
            .dense("b", 5)
            .outputs("a", "b")
            .loss(new SoftmaxLoss(), "b")
            .build();
    Network network = spec.initialize(NumpyRandomState.seed(1), Gaussian.std(1));
    Tensor b = network.predict(Map.of("input", X)).get("b");
    int[] labels = new int[4];
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < 5; j++) {
        labels[i] = b.get(i, j) > b.get(i, labels[i]) ? j : labels[i];
      }
    }
    assertEquals(1.0, Dataset.of(X, Targets.labels(labels)).accuracy(network));
  }

  @Test
  void blocks_areNumberedTheSame_howeverManyGrowFromOneBuilder() {
    NetworkBuilder base = Network.input(6).residual("foo", b -> b.dense(6));
    for (int i = 0; i < 3; i++) {
      NetworkSpec spec = base.residual(b -> b.dense(6)).build();
      assertEquals(
          List.of("foo/dense1", "foo", "residual2/dense1", "residual2"),
          spec.layers().stream().map(Node::name).toList());
    }
  }

  @Test
  void block_thatIsNoneOfTheBuilders_isRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Network.input(3).residual("z", b -> Network.input(3).dense("w", 3)));
    assertEquals(
        "residual: expected layers that were added to the block's own builder but got others",
        e.getMessage());
  }

  @Test
  void specs_areEqual_whereverTheBuilderStoodLast() {
    NetworkBuilder two = Network.input(3).dense("a", 2).dense("b", 2);
    assertEquals(two.outputs("a", "b").build(), two.from("a").outputs("a", "b").build());
  }

  @Test
  void layersAndInputs_thatNothingTakes_areRefused() {
    NetworkBuilder unused = Network.input(3).dense("a", 2).from("input").dense("b", 2);
    assertEquals(
        "layer 1 'a': expected a layer that takes its output, or that it is an output of the"
            + " network, but got neither",
        assertThrows(IllegalArgumentException.class, unused::build).getMessage());
    NetworkBuilder input = Network.inputs(in -> in.values("u", 3).values("v", 3)).dense(2);
    assertEquals(
        "input 'v': expected a layer that takes it but got none",
        assertThrows(IllegalArgumentException.class, input::build).getMessage());
    assertEquals(
        "layer 2 'add1': expected an input or a layer before, one of [input, a], but got 'later'",
        assertThrows(
                IllegalArgumentException.class,
                () -> Network.input(3).dense("a", 2).add("a", "later"))
            .getMessage());
  }

  @Test
  void tokens_areWholeNumbers_withoutAGradient() {
    Network network =
        Network.inputs(in -> in.tokens("ids", 3).values("x", 3))
            .embedding(9, 1)
            .flatten()
            .add("flatten1", "x")
            .dense("fc", 2)
            .build()
            .initialize(NumpyRandomState.seed(1), Gaussian.std(1));
    Tensor ids = X.map(v -> Math.rint(Math.abs(v)));
    Evaluation e = network.backward(Map.of("ids", ids, "x", X), Map.of("fc", D_A));
    assertTrue(e.inputGradient("x").size() > 0);
    assertEquals(
        "input gradient: expected one of [x] but got 'ids'",
        assertThrows(IllegalArgumentException.class, () -> e.inputGradient("ids")).getMessage());
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> network.predict(Map.of("ids", X, "x", X)))
            .getMessage();
    assertTrue(message.startsWith("ids: expected tokens, whole numbers from 0, but got "), message);
  }

  @Test
  void tokens_areTakenByLayersForThemAlone() {
    NetworkBuilder.Input tokens = Network.inputs(in -> in.tokens("ids", 4).values("x", 4));
    assertEquals(
        "layer 1 'fc': expected values but got 'ids' of tokens, whole numbers",
        assertThrows(IllegalArgumentException.class, () -> tokens.dense("fc", 2)).getMessage());
    assertEquals(
        "layer 1 'embedding1': expected tokens, whole numbers, but got 'x' of values",
        assertThrows(IllegalArgumentException.class, () -> tokens.from("x").embedding(3, 2))
            .getMessage());
    assertEquals(
        "layer 1 'concat1': expected tokens, whole numbers, but got 'x' of values",
        assertThrows(IllegalArgumentException.class, () -> tokens.concat("ids", "x")).getMessage());
  }

  /** What only moves tokens gives tokens; nothing goes backward through it. */
  @Test
  void tokens_canBeMoved() {
    Network network =
        Network.inputs(in -> in.tokens("a", 2).tokens("b", 2))
            .concat("a", "b")
            .reshape("grid", 2, 2)
            .embedding("vectors", 4, 1)
            .build()
            .bind(Parameters.of(Map.of("vectors/W", Tensor.of(Shape.of(4, 1), 0.5, 1.5, 2.5, 3.5))))
            .tracing();
    Map<String, Tensor> inputs =
        Map.of("a", Tensor.matrix(new double[] {3, 0}), "b", Tensor.matrix(new double[] {0, 1}));
    Tensor upstream = Tensor.of(Shape.of(1, 2, 2, 1), 1, 10, 100, 1000);
    Evaluation e = network.backward(inputs, Map.of("vectors", upstream));
    assertEquals(Tensor.of(Shape.of(1, 2, 2, 1), 3.5, 0.5, 0.5, 1.5), e.scores());
    assertEquals(Tensor.of(Shape.of(4, 1), 110, 1000, 0, 1), e.gradient("vectors/W"));
    assertEquals(Map.of(), e.layerInputGradients());
    RoundingNoise noise = RoundingNoise.ofBackward(network, inputs, Map.of("vectors", upstream));
    assertTrue(noise.gradient("vectors/W").get(0, 0) >= 110);
  }
}
