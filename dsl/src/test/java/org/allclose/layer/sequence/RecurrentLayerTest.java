package org.allclose.layer.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.allclose.Network;
import org.allclose.init.Gaussian;
import org.allclose.layer.sequence.RecurrentLayer.Returns;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RecurrentLayerTest {

  @Test
  void settings_arePrinted() {
    assertEquals("lstm(4)", new Lstm(4).toString());
    assertEquals(
        "rnn(2, activation relu, reverse, returns last, recurrent bias, lengths)",
        new Rnn(2)
            .activation(Rnn.Activation.RELU)
            .reverse(true)
            .returns(Returns.LAST)
            .recurrentBias(true)
            .lengths(true)
            .toString());
    assertEquals(
        "returns: expected sequence or last but got cell",
        assertThrows(IllegalArgumentException.class, () -> new Gru(2).returns(Returns.CELL))
            .getMessage());
    assertEquals(
        "units: expected at least 1 but got 0",
        assertThrows(IllegalArgumentException.class, () -> new Lstm(0)).getMessage());
  }

  @Test
  void inputs_thatDoNotFit_areRefused() {
    assertRefused(
        "expected input of shape (steps, features) but got (3,)", new Rnn(2), Shape.of(3));
    assertRefused(
        "expected 1 input, at most 1 for states but got 3",
        new Gru(2),
        Shape.of(3, 2),
        Shape.of(2),
        Shape.of(2));
    assertRefused(
        "expected 1 input, at most 2 for states, and 1 for lengths but got 1",
        new Lstm(2).lengths(true),
        Shape.of(3, 2));
    assertRefused(
        "expected a state of shape (2,) but got (3,)", new Lstm(2), Shape.of(3, 2), Shape.of(3));
    assertRefused(
        "expected lengths of shape (1,) but got (2,)",
        new Lstm(2).lengths(true),
        Shape.of(3, 2),
        Shape.of(2));
  }

  private static void assertRefused(String message, RecurrentLayer layer, Shape... inputs) {
    assertEquals(
        message,
        assertThrows(ShapeMismatchException.class, () -> layer.outputShape(List.of(inputs)))
            .getMessage());
  }

  /** What is behind a sample's length changes nothing, and its outputs there are 0. */
  @Test
  void lengths_endASample() {
    Network network =
        Network.inputs(in -> in.values("x", 3, 2).tokens("lengths", 1))
            .layer("lstm", new Lstm(2).lengths(true), "x", "lengths")
            .build()
            .initialize(NumpyRandomState.seed(1), Gaussian.std(1));
    Tensor lengths = Tensor.matrix(new double[] {2});
    Tensor y =
        network
            .predict(
                Map.of("x", Tensor.of(Shape.of(1, 3, 2), 1, 2, 3, 4, 5, 6), "lengths", lengths))
            .get("lstm");
    Tensor other =
        network
            .predict(
                Map.of("x", Tensor.of(Shape.of(1, 3, 2), 1, 2, 3, 4, 9, 9), "lengths", lengths))
            .get("lstm");
    assertEquals(y, other);
    assertEquals(0.0, y.get(0, 2, 0));
    assertEquals(
        "layer 'lstm': expected lengths below 4 but got 4 at [0, 0]",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    network.predict(
                        Map.of(
                            "x", Tensor.zeros(1, 3, 2),
                            "lengths", Tensor.matrix(new double[] {4}))))
            .getMessage());
  }
}
