package org.allclose.layer.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.AxisRole;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What layers that attend are called, what they take and what they refuse. */
class AttentionTest {
  @Test
  void layers_printThemselves() {
    assertEquals("attention", new Attention().toString());
    assertEquals(
        "attention(causal, scale 0.5)", new Attention().causal(true).scale(0.5).toString());
    assertEquals("multiHeadAttention(4)", new MultiHeadAttention(4).toString());
    assertEquals(
        "multiHeadAttention(4, causal, no bias, keep 0.5)",
        new MultiHeadAttention(4).causal(true).bias(false).keep(0.5).toString());
  }

  @Test
  void parameters_areThoseOfFourProjections() {
    List<Shape> inputs = List.of(Shape.of(5, 4), Shape.of(3, 6), Shape.of(3, 2));
    List<ParameterSpec> parameters = new MultiHeadAttention(2).parameters(inputs);
    assertEquals(
        List.of("Wq", "bq", "Wk", "bk", "Wv", "bv", "Wo", "bo"),
        parameters.stream().map(ParameterSpec::name).toList());
    assertEquals(
        ParameterSpec.weight("Wk", Shape.of(6, 4), AxisRole.IN, AxisRole.OUT), parameters.get(2));
    assertEquals(4, new MultiHeadAttention(2).bias(false).parameters(inputs).size());
    assertEquals(Shape.of(5, 4), new MultiHeadAttention(2).outputShape(inputs));
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        misfit(
            "expected 3 inputs, q, k and v, or a mask besides, but got 2",
            s -> s.attention("x", "x")),
        misfit(
            "expected q (..., T, d), k (..., S, d) and v (..., S, e) but got [(3, 4), (2, 5),"
                + " (3, 4)]",
            s -> s.attention("x", "y", "x")),
        misfit(
            "expected q (..., T, d), k (..., S, d) and v (..., S, e) but got [(3, 4), (3, 4),"
                + " (2, 5)]",
            s -> s.attention("x", "x", "y")),
        misfit(
            "expected a mask that can be copied to the scores (3, 3) but got (2, 5)",
            s -> s.attention("x", "x", "x", "y")),
        misfit("scale: expected a finite number but got NaN", s -> s.layer(nan())),
        misfit("expected heads that divide the 4 features but got 3", s -> s.layer(heads(3))),
        misfit("heads: expected at least 1 but got 0", s -> s.multiHeadAttention(0, "x", "x")),
        misfit(
            "keep: expected a probability above 0 and at most 1 but got 0.0",
            s -> s.layer("l", new MultiHeadAttention(1).keep(0))),
        misfit(
            "expected keys and values of as many steps but got [(3, 4), (2, 5)]",
            s -> s.multiHeadAttention(2, "x", "x", "y")),
        misfit(
            "expected a mask that can be copied to the scores (2, 3, 3) but got (2, 5)",
            s -> s.multiHeadAttention(2, "x", "y")),
        misfit(
            "expected input of shape (steps, features) but got (12,)",
            s -> s.flatten().layer("l", heads(1))));
  }

  private static Attention nan() {
    return new Attention().scale(Double.NaN);
  }

  private static MultiHeadAttention heads(int heads) {
    return new MultiHeadAttention(heads);
  }

  private static Arguments misfit(String message, Function<LayerSteps, NetworkBuilder> steps) {
    return Arguments.of(message, steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misfits")
  void misfit_isRefused(String message, Function<LayerSteps, NetworkBuilder> steps) {
    LayerSteps start = Network.inputs(in -> in.values("x", 3, 4).values("y", 2, 5));
    String got =
        assertThrows(IllegalArgumentException.class, () -> steps.apply(start)).getMessage();
    assertEquals(message, got.replaceFirst("layer \\d( '\\w+')?: ", ""));
  }

  /** Equal scores: the means of all values, of those so far, and of those that a mask leaves. */
  @Test
  void equalScores_giveMeans() {
    Tensor zeros = Tensor.zeros(1, 3, 2);
    Tensor v = Tensor.of(Shape.of(1, 3, 1), 1, 3, 8);
    assertArrayEquals(new double[] {4, 4, 4}, attend(new Attention(), zeros, v), 1e-15);
    assertArrayEquals(
        new double[] {1, 2, 4}, attend(new Attention().causal(true), zeros, v), 1e-15);
  }

  private static double[] attend(Attention layer, Tensor q, Tensor v) {
    NetworkSpec spec =
        Network.inputs(in -> in.values("q", 3, 2).values("v", 3, 1))
            .layer("a", layer, "q", "q", "v")
            .build();
    return spec.bind(Parameters.of(Map.of())).predict(Map.of("q", q, "v", v)).get("a").toArray();
  }

  /** A mask of one row is added to all rows, and its gradient is the sum of theirs. */
  @Test
  void mask_isCopied() {
    NetworkSpec spec =
        Network.inputs(in -> in.values("q", 2, 1).values("mask", 1, 2))
            .layer("a", new Attention(), "q", "q", "q", "mask")
            .build();
    Tensor q = Tensor.of(Shape.of(1, 2, 1), 0, 5);
    double hidden = Double.NEGATIVE_INFINITY;
    Tensor mask = Tensor.of(Shape.of(1, 1, 2), 0, hidden);
    Network network = spec.bind(Parameters.of(Map.of()));
    assertArrayEquals(
        new double[] {0, 0}, network.predict(Map.of("q", q, "mask", mask)).get("a").toArray());
  }

  /** Of two steps with weights of a half each: |0.5||v|, and |0.5||dout| of the values. */
  @Test
  void terms_areThoseOfTheLastProducts() {
    Tensor q = Tensor.zeros(1, 2, 1);
    Tensor v = Tensor.of(Shape.of(1, 2, 1), 4, -4);
    Layer layer = new Attention();
    List<Shape> shapes = List.of(Shape.of(2, 1), Shape.of(2, 1), Shape.of(2, 1));
    LayerContext context =
        LayerContext.of(1, Mode.TRAINING, Optional.empty(), 1, Map.of())
            .of(new Node("l", layer, List.of("q", "k", "v"), shapes, Shape.of(2, 1)));
    Pass pass = layer.pass(context);
    Terms terms = pass.terms();
    List<Tensor> inputs = List.of(q, q, v);
    assertArrayEquals(new double[] {4, 4}, terms.forward(inputs, pass.forward(inputs)).toArray());
    Tensor dout = Tensor.of(Shape.of(1, 2, 1), 1, -1);
    List<Tensor> sums = terms.backward(dout, pass.backwardToInputs(dout));
    assertArrayEquals(new double[] {1, 1}, sums.get(2).toArray());
    assertArrayEquals(new double[] {0, 0}, sums.get(0).toArray());
  }
}
