package org.allclose.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.Parameters;
import org.allclose.layer.combine.Max;
import org.allclose.layer.combine.Mean;
import org.allclose.layer.combine.Ties;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Layers that broadcast, reduce and multiply: what they refuse, and what follows by hand. */
class CombiningLayersTest {

  @Test
  void misfits_areRefusedWithPlaceAndShapes() {
    assertMisfit(
        "layer 2 'subtract1': expected inputs whose axes, from the last, are equal or 1 but got"
            + " [(2, 3), (6,)]",
        s -> s.flatten("f").subtract("input", "f"));
    assertMisfit(
        "layer 2 'divide1': expected 2 inputs but got 3",
        s -> s.flatten("f").divide("f", "f", "f"));
    assertMisfit(
        "layer 2 'matmul1': expected inputs (..., m, k) and (..., k, p) but got [(2, 3), (2, 3)]",
        s -> s.relu("r").matmul("input", "r"));
    assertMisfit(
        "layer 2 'matmul1': expected inputs (..., m, k) and (..., k, p) but got [(2, 3), (6,)]",
        s -> s.flatten("f").matmul("input", "f"));
    assertMisfit("layer 1 'sum1': expected input with an axis 2 but got (2, 3)", s -> s.sum(0, 2));
    assertMisfit(
        "layer 1 'mean1': expected axes that differ but got [1, -1] of input (2, 3)",
        s -> s.mean(1, -1));
    assertMisfit("layer 1: axes: expected at least one axis but got []", s -> s.max());
    assertMisfit(
        "layer 1 'logSoftmax1': expected input with an axis -3 but got (2, 3)",
        s -> s.logSoftmax(-3));
  }

  private static void assertMisfit(String message, Function<LayerSteps, NetworkBuilder> layers) {
    NetworkBuilder.Input input = Network.input(2, 3);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> layers.apply(input)).getMessage());
  }

  @Test
  void reductions_leaveTheAxesOut_orKeepThem() {
    assertEquals(Shape.of(3), Network.input(2, 3, 4).mean(0, -1).build().output());
    assertEquals(
        Shape.of(1, 3, 1),
        Network.input(2, 3, 4).mean(List.of(0, -1), m -> m.keep(true)).build().output());
    assertEquals(Shape.of(), Network.input(2).sum(0).build().output());
    assertEquals("mean(axes [0, 1], keep)", new Mean(0, 1).keep(true).toString());
    assertEquals("max(axes [0], ties shared)", new Max(0).ties(Ties.SHARED).toString());
  }

  @Test
  void gradientOfAMaximum_goesToTheFirst_orToAll() {
    Tensor x = Tensor.matrix(new double[] {1, 3, 3, 2});
    Tensor dout = Tensor.vector(6);
    assertArrayEquals(new double[] {0, 6, 0, 0}, gradient(new Max(0), x, dout));
    assertArrayEquals(new double[] {0, 3, 3, 0}, gradient(new Max(0).ties(Ties.SHARED), x, dout));
  }

  private static double[] gradient(Layer layer, Tensor x, Tensor dout) {
    Network network = Network.input(4).layer("m", layer).build().bind(Parameters.wrap(Map.of()));
    return network.backward(x, dout).inputGradient().toArray();
  }

  @Test
  void gradientOfWhatIsBroadcast_isSummed() {
    Network network =
        Network.inputs(in -> in.values("a", 2, 3).values("b", 3).values("c", 2, 1))
            .multiply("a", "b")
            .divide("multiply1", "c")
            .build()
            .bind(Parameters.wrap(Map.of()));
    Tensor a = Tensor.of(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6);
    Tensor b = Tensor.matrix(new double[] {2, 4, 8});
    Tensor c = Tensor.of(Shape.of(1, 2, 1), 2, 4);
    var e =
        network.backward(
            Map.of("a", a, "b", b, "c", c),
            Map.of("divide1", Tensor.of(Shape.of(1, 2, 3), 1, 1, 1, 1, 1, 1)));
    assertArrayEquals(new double[] {1, 4, 12, 2, 5, 12}, e.scores().toArray());
    assertArrayEquals(new double[] {1, 2, 4, 0.5, 1, 2}, e.inputGradient("a").toArray());
    assertArrayEquals(new double[] {1.5, 2.25, 3}, e.inputGradient("b").toArray());
    assertArrayEquals(new double[] {-8.5, -4.75}, e.inputGradient("c").toArray());
  }
}
