package org.allclose.layer.combine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.allclose.Evaluation;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.NetworkSpec;
import org.allclose.Parameters;
import org.allclose.layer.Layer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What layers that move elements are called, which shapes they give, and what they refuse. */
class MovementTest {
  private static final Shape SAMPLE = Shape.of(3, 7, 8);

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of(new Permute(2, 0, 1), "permute([2, 0, 1])", Shape.of(8, 3, 7)),
        Arguments.of(new Slice(1, 3), "slice(axis 0, start 1, end 3)", Shape.of(2, 7, 8)),
        Arguments.of(
            new Slice(-6, Slice.DEFAULT_END).axis(1).step(4),
            "slice(axis 1, start -6, step 4)",
            Shape.of(3, 2, 8)),
        Arguments.of(
            new Slice(-99, -1).axis(2), "slice(axis 2, start -99, end -1)", Shape.of(3, 7, 7)),
        Arguments.of(new Select(-1).axis(1), "select(axis 1, index -1)", Shape.of(3, 8)),
        Arguments.of(new Expand(2, 3, 7, 8), "expand(2, 3, 7, 8)", Shape.of(2, 3, 7, 8)),
        Arguments.of(new Repeat(3).axis(2), "repeat(axis 2, times 3)", Shape.of(3, 7, 24)),
        Arguments.of(new Roll(-1), "roll(axis 0, shift -1)", SAMPLE),
        Arguments.of(new Pad(1, 0), "pad(axis 0, before 1, after 0)", Shape.of(4, 7, 8)),
        Arguments.of(
            new Pad(7, 6).axis(2).mode(Pad.Mode.REFLECT),
            "pad(axis 2, before 7, after 6, mode reflect)",
            Shape.of(3, 7, 21)),
        Arguments.of(
            new Pad(0, 9).axis(1).value(1.5),
            "pad(axis 1, before 0, after 9, value 1.5)",
            Shape.of(3, 16, 8)),
        Arguments.of(new Gather(5).axis(1), "gather(axis 1, count 5)", Shape.of(3, 5, 8)),
        Arguments.of(new Flatten().start(1), "flatten(start 1)", Shape.of(3, 56)),
        Arguments.of(new Flatten().start(-3).end(-2), "flatten(start -3, end -2)", Shape.of(21, 8)),
        Arguments.of(new Flatten().start(1).end(1), "flatten(start 1, end 1)", SAMPLE));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("layers")
  void layer_printsItself_andGivesItsShape(Layer layer, String text, Shape output) {
    assertEquals(text, layer.toString());
    assertEquals(output, layer.outputShape(List.of(SAMPLE)));
  }

  @Test
  void stack_printsItself_andGivesItsShape() {
    assertEquals("stack(axis 2)", new Stack(2).toString());
    assertEquals(
        Shape.of(4, 5, 2), new Stack(2).outputShape(List.of(Shape.of(4, 5), Shape.of(4, 5))));
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        misfit("expected input of 2 axes but got (3, 7, 8)", s -> s.permute("l", 1, 0)),
        misfit("axes: expected each axis from 0 once but got [0, 2]", s -> s.permute("l", 0, 2)),
        misfit("axis: expected at least 0 but got -1", s -> s.slice("l", 0, 1, l -> l.axis(-1))),
        misfit("step: expected at least 1 but got 0", s -> s.slice("l", 0, 1, l -> l.step(0))),
        misfit(
            "expected input with an axis 3 but got (3, 7, 8)",
            s -> s.slice("l", 0, 1, l -> l.axis(3))),
        misfit("expected a part of axis 0 but got nothing of (3, 7, 8)", s -> s.slice("l", 2, -1)),
        misfit("expected an axis 0 with an index 3 but got (3, 7, 8)", s -> s.select("l", 3)),
        misfit("expected an axis 0 with an index -4 but got (3, 7, 8)", s -> s.select("l", -4)),
        misfit(
            "expected input that can be copied to shape (2, 7, 8) but got (3, 7, 8)",
            s -> s.expand("l", 2, 7, 8)),
        misfit(
            "expected input that can be copied to shape (7, 8) but got (3, 7, 8)",
            s -> s.expand("l", 7, 8)),
        misfit("times: expected at least 1 but got 0", s -> s.repeat("l", 0)),
        misfit(
            "expected an axis of at most 2147483647 but got 6442450941",
            s -> s.repeat("l", Integer.MAX_VALUE)),
        misfit("before: expected at least 0 but got -1", s -> s.pad("l", -1, 0)),
        misfit(
            "expected to pad axis 0 of (3, 7, 8) by at most 2 but got 3",
            s -> s.pad("l", 1, 3, l -> l.mode(Pad.Mode.REFLECT))),
        misfit(
            "expected to pad axis 0 of (3, 7, 8) by at most 3 but got 4",
            s -> s.pad("l", 4, 0, l -> l.mode(Pad.Mode.CIRCULAR))),
        misfit("count: expected at least 1 but got 0", s -> s.gather("l", 0)),
        misfit(
            "expected input with axes 2 to 1 but got (3, 7, 8)",
            s -> s.flatten("l", l -> l.start(2).end(1))),
        misfit(
            "expected input with axes 0 to 3 but got (3, 7, 8)",
            s -> s.flatten("l", l -> l.end(3))),
        misfit(
            "expected inputs of 4 axes or more but got (3, 7, 8)",
            s -> s.layer("l", new Stack(4), "input", "input")));
  }

  private static Arguments misfit(String message, Function<LayerSteps, NetworkBuilder> steps) {
    return Arguments.of("layer 1 'l': " + message, steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misfits")
  void misfit_isRefused_whereItIsAdded(String message, Function<LayerSteps, NetworkBuilder> steps) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> steps.apply(Network.input(3, 7, 8)));
    assertEquals(message, e.getMessage());
  }

  @Test
  void lastAxis_cannotBeSelectedAway() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Network.input(3).select("l", 1));
    assertEquals("layer 1 'l': expected input of two axes or more but got (3,)", e.getMessage());
  }

  @Test
  void gather_takesWholeNumbersOfTheAxis() {
    NetworkSpec spec = Network.input(2, 3).gather("pick", 2, l -> l.axis(1)).build();
    Tensor x = Tensor.of(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6);
    assertArrayEquals(new double[] {3, 1, 6, 4}, bound(spec, 2, 0).predict(x).toArray());
    for (double wrong : new double[] {3, -1, 0.5, Double.NaN}) {
      Network network = bound(spec, 0, wrong);
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> network.predict(x));
      assertEquals(
          "layer 1 'pick': index[1]: expected a whole number from 0 to 2 but got " + wrong,
          e.getMessage());
    }
  }

  /** Tokens that are moved stay tokens. */
  @Test
  void tokens_areMoved() {
    NetworkSpec spec =
        Network.inputs(in -> in.tokens("ids", 4)).slice("s", 1, 4).embedding("e", 3, 2).build();
    Tensor w = Tensor.of(Shape.of(3, 2), 0, 1, 10, 11, 20, 21);
    Network network = spec.bind(Parameters.of(Map.of("e/W", w)));
    Tensor ids = Tensor.of(Shape.of(1, 4), 0, 2, 1, 0);
    assertArrayEquals(new double[] {20, 21, 10, 11, 0, 1}, network.predict(ids).toArray());
    Evaluation e = network.backward(ids, Tensor.of(Shape.of(1, 3, 2), 1, 2, 3, 4, 5, 6));
    assertArrayEquals(new double[] {5, 6, 3, 4, 1, 2}, e.gradient("e/W").toArray());
  }

  private static Network bound(NetworkSpec spec, double... index) {
    return spec.bind(Parameters.of(Map.of("pick/index", Tensor.vector(index))));
  }
}
