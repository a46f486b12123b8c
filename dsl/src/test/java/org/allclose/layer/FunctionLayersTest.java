package org.allclose.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Network;
import org.allclose.NetworkSpec;
import org.allclose.layer.activation.Celu;
import org.allclose.layer.activation.Dropout2d;
import org.allclose.layer.activation.Glu;
import org.allclose.layer.activation.HardSigmoid;
import org.allclose.layer.activation.HardSwish;
import org.allclose.layer.activation.HardTanh;
import org.allclose.layer.activation.Prelu;
import org.allclose.layer.activation.Relu6;
import org.allclose.layer.activation.Selu;
import org.allclose.layer.activation.Softplus;
import org.allclose.layer.math.Abs;
import org.allclose.layer.math.Clamp;
import org.allclose.layer.math.Pow;
import org.allclose.layer.math.Shift;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Functions of each element: their settings, their terms, and what they do beside a kink. */
class FunctionLayersTest {
  private static final double TINY = 0x1p-40;

  private static void assertMessage(String message, Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }

  @Test
  void settings_areChecked() {
    assertMessage("max: expected a number above min, 2.0, but got 2.0", () -> new HardTanh(2, 2));
    assertMessage(
        "min: expected a finite number but got -Infinity",
        () -> new HardTanh().between(Double.NEGATIVE_INFINITY, 0));
    assertMessage(
        "max: expected a number of at least min, 2.0, but got 1.0",
        () -> new Clamp().min(2).max(1));
    assertMessage("min: expected a finite number but got NaN", () -> new Clamp().min(Double.NaN));
    assertMessage(
        "max: expected a finite number but got -Infinity",
        () -> new Clamp().max(Double.NEGATIVE_INFINITY));
    assertMessage("alpha: expected a finite number above 0 but got 0.0", () -> new Celu(0));
    assertMessage(
        "beta: expected a finite number above 0 but got 0.0", () -> new Softplus().beta(0));
    assertMessage(
        "threshold: expected a finite number but got NaN",
        () -> new Softplus().threshold(Double.NaN));
    assertMessage(
        "exponent: expected a finite number but got Infinity",
        () -> new Pow(Double.POSITIVE_INFINITY));
    assertMessage(
        "keep: expected a probability above 0 and at most 1 but got 0.0", () -> new Dropout2d(0));
  }

  @Test
  void shapes_areChecked() {
    assertMessage(
        "layer 1 'glu1': expected an even length of axis -1 but got input of shape (3,)",
        () -> Network.input(3).glu());
    assertMessage(
        "layer 1 'glu1': expected an axis from -2 to 1 but got 2",
        () -> Network.input(4, 2).glu(2));
    assertMessage(
        "layer 1 'dropout2d1': expected input of shape (channels, ...) with places but got (3,)",
        () -> Network.input(3).dropout2d(0.5));
  }

  @Test
  void layers_print() {
    NetworkSpec spec =
        Network.input(4)
            .prelu()
            .prelu(true)
            .hardTanh()
            .hardTanh(h -> h.between(0, 6))
            .clamp(c -> c.min(0.5))
            .softplus()
            .softplus(s -> s.beta(2).threshold(20))
            .pow(2)
            .scale(0.5)
            .glu()
            .build();
    assertEquals(
        List.of(
            "prelu",
            "prelu(channels)",
            "hardTanh",
            "hardTanh(min 0.0, max 6.0)",
            "clamp(min 0.5)",
            "softplus",
            "softplus(beta 2.0, threshold 20.0)",
            "pow(2.0)",
            "scale(0.5)",
            "glu(axis -1)"),
        spec.layers().stream().map(node -> node.layer().toString()).toList());
  }

  /** A layer that has run forward and backward once. */
  private static final class Ran {
    final LayerContext context;
    final Pass pass;
    final Terms terms;
    final Tensor y;
    final double[] dx;
    final double[] backwardTerms;

    Ran(Layer layer, Tensor x, double... upstream) {
      List<Shape> sample = List.of(x.shape().dropFirst());
      Map<String, Tensor> alpha = Map.of("l/alpha", Tensor.vector(0.5));
      context =
          LayerContext.of(x.shape().axis(0), Mode.TRAINING, Optional.empty(), 1, alpha)
              .of(new Node("l", layer, List.of("x"), sample, layer.outputShape(sample)));
      pass = layer.pass(context);
      terms = pass.terms();
      y = pass.forward(List.of(x));
      Tensor dout = Tensor.of(y.shape(), upstream);
      Tensor gradient = pass.backwardToInputs(dout).get(0);
      dx = gradient.toArray();
      backwardTerms = terms.backward(dout, List.of(gradient)).get(0).toArray();
    }

    double[] forwardTerms(Tensor x) {
      return terms.forward(List.of(x), y).toArray();
    }
  }

  /** Worked out by hand from the formulas. */
  @Test
  void terms_areThoseOfWhatIsAddedUp() {
    Tensor x = Tensor.matrix(new double[] {-1, 2});
    assertArrayEquals(new double[] {1.5, 2.5}, new Ran(new Shift(0.5), x, 1, 1).forwardTerms(x));
    Ran swish = new Ran(new HardSwish(), x, -6, 3);
    assertArrayEquals(new double[] {4 / 6.0, 10 / 6.0}, swish.forwardTerms(x));
    assertArrayEquals(new double[] {6 * (1 / 3.0 + 0.5), 3 * (2 / 3.0 + 0.5)}, swish.backwardTerms);
    Ran sigmoid = new Ran(new HardSigmoid(), x, 6, -6);
    assertArrayEquals(new double[] {4 / 6.0, 5 / 6.0}, sigmoid.forwardTerms(x));
    assertArrayEquals(new double[] {1, 1}, sigmoid.backwardTerms);
    Tensor gated = Tensor.matrix(new double[] {-3, 0});
    Ran glu = new Ran(new Glu(), gated, 2);
    assertArrayEquals(new double[] {1.5}, glu.forwardTerms(gated));
    assertArrayEquals(new double[] {1, 6 * 0.5 * 1.5}, glu.backwardTerms);
  }

  /** The products of alpha's gradient cancel: -2 * 3 + -6 * -1. */
  @Test
  void termsOfALearntSlope_areAddedUp() {
    Ran ran = new Ran(new Prelu(), Tensor.matrix(new double[] {-2, -6, 5}), 3, -1, 7);
    assertArrayEquals(new double[] {0}, ran.context.gradient("alpha").toArray());
    assertArrayEquals(
        new double[] {12}, ran.terms.gradient("alpha", ran.context.gradient("alpha")).toArray());
  }

  /** Beyond a kink a decided pass goes on as on the side where it decided. */
  @Test
  void decidedPasses_stayOnTheirPiece() {
    assertDecided(new Relu6(), 6, 1, 0);
    assertDecided(new HardTanh(), 1, 1, 0);
    assertDecided(new Clamp().max(1), 1, 1, 0);
    assertDecided(new HardSigmoid(), 3, 1 / 6.0, 0);
    assertDecided(new HardSwish(), 3, 1.5, 1);
    assertDecided(new Abs(), 0, -1, 1);
    assertDecided(new Prelu(), 0, 0.5, 1);
    assertDecided(new Selu(), 0, 1.6732632423543772 * 1.0507009873554805, 1.0507009873554805);
    assertDecided(new Softplus().threshold(1), 1, 1 / (1 + Math.exp(-1)), 1);
  }

  /** Runs a layer on either side of a kink, and then, decided, on the other one. */
  private static void assertDecided(Layer layer, double kink, double before, double after) {
    assertSlope(layer, kink - TINY, kink + TINY, before);
    assertSlope(layer, kink + TINY, kink - TINY, after);
  }

  private static void assertSlope(Layer layer, double x, double near, double slope) {
    Ran ran = new Ran(layer, Tensor.matrix(new double[] {x}), 1);
    double y = ran.y.get(0, 0);
    assertEquals(slope, ran.dx[0], 1e-11);
    Pass decided = ran.pass.disturbed(RoundingErrors.none());
    double moved = decided.forward(List.of(Tensor.matrix(new double[] {near}))).get(0, 0);
    assertEquals(slope, (moved - y) / (near - x), 1e-3);
    Tensor dout = Tensor.matrix(new double[] {1});
    assertEquals(slope, decided.backwardToInputs(dout).get(0).get(0, 0), 1e-11);
  }
}
