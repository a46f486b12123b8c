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

/** What layers that tell places are called, what they take and refuse, and what they give. */
class PositionsTest {
  @Test
  void layers_printThemselves() {
    assertEquals("positionalEncoding", new PositionalEncoding().toString());
    assertEquals("positionalEncoding(base 100.0)", new PositionalEncoding(100).toString());
    assertEquals("positionalEmbedding", new PositionalEmbedding().toString());
    assertEquals(
        "positionalEmbedding(positions 512)", new PositionalEmbedding().positions(512).toString());
    assertEquals(
        "rotaryEmbedding(base 10.0, interleaved)",
        new RotaryEmbedding().base(10).interleaved(true).toString());
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        misfit(
            "expected input of shape (..., steps, features) but got (15,)",
            s -> s.flatten().positionalEncoding()),
        misfit(
            "expected input of shape (..., steps, features) but got (15,)",
            s -> s.flatten().positionalEmbedding()),
        misfit(
            "expected input of shape (..., steps, features) but got (15,)",
            s -> s.flatten().rotaryEmbedding()),
        misfit("expected an even number of features but got 5", s -> s.rotaryEmbedding()),
        misfit(
            "expected at most 2 steps but got 3",
            s -> s.layer(new PositionalEmbedding().positions(2))),
        misfit(
            "positions: expected from 1 to 2147483647 but got 0",
            s -> s.positionalEmbedding(e -> e.positions(0))),
        misfit(
            "base: expected a finite number above 0 but got 0.0",
            s -> s.positionalEncoding(e -> e.base(0))),
        misfit(
            "base: expected a finite number above 0 but got Infinity",
            s -> s.rotaryEmbedding(e -> e.base(Double.POSITIVE_INFINITY))));
  }

  private static Arguments misfit(String message, Function<LayerSteps, NetworkBuilder> steps) {
    return Arguments.of(message, steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misfits")
  void misfit_isRefused(String message, Function<LayerSteps, NetworkBuilder> steps) {
    String got =
        assertThrows(IllegalArgumentException.class, () -> steps.apply(Network.input(3, 5)))
            .getMessage();
    assertEquals(message, got.replaceFirst("layer \\d( '\\w+')?: ", ""));
  }

  @Test
  void embedding_hasAVectorForEachPosition() {
    Shape input = Shape.of(2, 3, 4);
    assertEquals(
        List.of(ParameterSpec.weight("W", Shape.of(3, 4), AxisRole.TOKEN, AxisRole.FEATURE)),
        new PositionalEmbedding().parameters(input));
    assertEquals(
        Shape.of(7, 4), new PositionalEmbedding().positions(7).parameters(input).get(0).shape());
  }

  /** Steps 0 and 1, columns sin(t), cos(t), sin(t / 10), cos(t / 10) of 4 features and base 100. */
  @Test
  void encoding_isSinesAndCosines() {
    Network network = network(Network.input(2, 4).layer("p", new PositionalEncoding(100)));
    double[] expected = {0, 1, 0, 1, Math.sin(1), Math.cos(1), Math.sin(0.1), Math.cos(0.1)};
    assertArrayEquals(expected, network.predict(Tensor.zeros(1, 2, 4)).toArray(), 1e-15);
  }

  /** A quarter turn of (1, 0), pairs being of the two halves or neighbours. */
  @Test
  void rotation_turnsPairs() {
    double base = Math.pow(2 / Math.PI, 2); // the second pair turns by pi / 2 a step
    Tensor x = Tensor.of(Shape.of(1, 2, 4), 0, 0, 0, 0, 0, 1, 0, 0);
    Network halves = network(Network.input(2, 4).rotaryEmbedding("r", r -> r.base(base)));
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 0, 0, 1}, halves.predict(x).toArray(), 1e-15);
    Tensor y = Tensor.of(Shape.of(1, 2, 4), 0, 0, 0, 0, 0, 0, 1, 0);
    Network neighbours =
        network(Network.input(2, 4).rotaryEmbedding("r", r -> r.base(base).interleaved(true)));
    assertArrayEquals(
        new double[] {0, 0, 0, 0, 0, 0, 0, 1}, neighbours.predict(y).toArray(), 1e-15);
  }

  private static Network network(NetworkBuilder builder) {
    return builder.build().bind(Parameters.of(Map.of()));
  }

  /** |x| and |sin t| + t |cos t| of what is added; a |cos| + b |sin| and their angle's of turns. */
  @Test
  void terms_countTheRoundingOfAngles() {
    double sin = Math.sin(1);
    double cos = Math.cos(1);
    Tensor x = Tensor.of(Shape.of(1, 2, 2), -3, 2, -5, 7);
    assertArrayEquals(
        new double[] {3, 3, 5 + sin + cos, 7 + cos + sin},
        terms(new PositionalEncoding(), x),
        1e-15);
    assertArrayEquals(
        new double[] {3, 2, 12 * (sin + cos), 12 * (sin + cos)},
        terms(new RotaryEmbedding(), x),
        1e-14);
  }

  private static double[] terms(Layer layer, Tensor x) {
    Shape shape = x.shape().dropFirst();
    LayerContext context =
        LayerContext.of(1, Mode.TRAINING, Optional.empty(), 1, Map.of())
            .of(new Node("l", layer, List.of("x"), List.of(shape), shape));
    Pass pass = layer.pass(context);
    Terms terms = pass.terms();
    return terms.forward(List.of(x), pass.forward(List.of(x))).toArray();
  }
}
