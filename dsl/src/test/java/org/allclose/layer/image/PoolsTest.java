package org.allclose.layer.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.UnaryOperator;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Shapes and texts of pools, and what they refuse. */
class PoolsTest {
  private static final Shape IMAGE = Shape.of(3, 7, 8);
  private static final Shape SEQUENCE = Shape.of(3, 8);

  @Test
  void pools_printWhatDiffersFromTheDefault() {
    assertEquals(
        "maxPool2d(3x3, stride 2x2, padding 1x1, dilation 2x1, ceil)",
        new MaxPool2d(3).stride(2).padding(1).dilation(2, 1).ceil(true).toString());
    assertEquals("maxPool2d(2x2, same)", new MaxPool2d(2).same(true).toString());
    assertEquals(
        "averagePool2d(3x3, padding 1x0, no count padding)",
        new AveragePool2d(3).padding(1, 0).countPadding(false).toString());
    assertEquals(
        "maxPool1d(3, stride 2, padding 1, dilation 2, exact)",
        new MaxPool1d(3).stride(2).padding(1).dilation(2).exact(true).toString());
    assertEquals("averagePool1d(4, ceil)", new AveragePool1d(4).ceil(true).toString());
  }

  /** As {@code torch.nn.functional.max_pool2d} and TensorFlow's padding 'SAME' have it. */
  @Test
  void outputs_areThoseOfTheFrameworks() {
    assertEquals(Shape.of(3, 4, 4), new MaxPool2d(3).stride(2).padding(1).outputShape(IMAGE));
    assertEquals(Shape.of(3, 3, 4), new MaxPool2d(2).outputShape(IMAGE));
    assertEquals(Shape.of(3, 4, 4), new MaxPool2d(2).ceil(true).outputShape(IMAGE));
    // A third window of rows would start in the padding below.
    assertEquals(
        Shape.of(1, 2, 3),
        new MaxPool2d(2).stride(3, 2).padding(1).ceil(true).outputShape(Shape.of(1, 4, 4)));
    assertEquals(
        Shape.of(1, 1, 1),
        new AveragePool2d(3).stride(2).ceil(true).outputShape(Shape.of(1, 2, 2)));
    assertEquals(
        Shape.of(3, 3, 3), new MaxPool2d(3).dilation(2, 1).stride(1, 2).outputShape(IMAGE));
    assertEquals(Shape.of(3, 3, 3), new MaxPool2d(9).stride(3).same(true).outputShape(IMAGE));
    assertEquals(Shape.of(3, 5), new MaxPool1d(2).padding(1).outputShape(SEQUENCE));
    assertEquals(Shape.of(3, 3), new AveragePool1d(3).same(true).outputShape(SEQUENCE));
  }

  @Test
  void adaptiveAndGlobalPools_haveTheSizeThatIsWanted() {
    assertEquals("adaptiveMaxPool2d(2x3)", new AdaptiveMaxPool2d(new Extent2d(2, 3)).toString());
    assertEquals("adaptiveAveragePool1d(4)", new AdaptiveAveragePool1d(4).toString());
    assertEquals("globalAveragePool", new GlobalAveragePool().toString());
    assertEquals(
        Shape.of(3, 9, 2), new AdaptiveAveragePool2d(new Extent2d(9, 2)).outputShape(IMAGE));
    assertEquals(Shape.of(3, 5), new AdaptiveMaxPool1d(5).outputShape(SEQUENCE));
    assertEquals(Shape.of(3), new GlobalMaxPool().outputShape(SEQUENCE));
    assertEquals(Shape.of(3), new GlobalAveragePool().outputShape(IMAGE));
    assertRefused(
        "layer 1 'averagePool1': expected input of shape (channels, ...) with at least one axis"
            + " behind the channels but got (4,)",
        Shape.of(4),
        s -> s.globalAveragePool());
    assertRefused(
        "layer 1 'pool1': expected input of shape (channels, height, width) but got (3, 8)",
        SEQUENCE,
        s -> s.adaptiveMaxPool2d(2));
    assertRefused(
        "layer 1: size: expected at least 1 in both directions but got 0x0",
        IMAGE,
        s -> s.adaptiveAveragePool2d(0));
  }

  @Test
  void whatCannotWork_isRefused() {
    assertRefused(
        "layer 1 'pool1': expected a padding of at most half of the window 2x2 but got 2x2",
        IMAGE,
        s -> s.maxPool2d(2, p -> p.padding(2)));
    assertRefused(
        "layer 1 'averagePool1': expected a padding of at most half of the window 3x2 but got 0x2",
        IMAGE,
        s -> s.averagePool2d(new Extent2d(3, 2), p -> p.padding(0, 2)));
    assertRefused(
        "layer 1: same: expected neither padding, ceil nor exact beside it, since it pads by"
            + " itself",
        IMAGE,
        s -> s.maxPool2d(2, p -> p.ceil(true).same(true)));
    assertRefused(
        "layer 1: same: expected neither padding, ceil nor exact beside it, since it pads by"
            + " itself",
        SEQUENCE,
        s -> s.averagePool1d(2, p -> p.padding(1).same(true)));
    assertRefused(
        "layer 1 'pool1': expected a window of at most 8x9, the padded input and a rest, but got"
            + " 10x10",
        IMAGE,
        s -> s.maxPool2d(10, p -> p.stride(2).ceil(true)));
    assertRefused(
        "layer 1 'pool1': expected windows with some of the input in each but got windows of 2x2 at"
            + " dilation 3x3 on an input of 1x1",
        Shape.of(1, 1, 1),
        s -> s.maxPool2d(2, p -> p.padding(2).dilation(3)));
    assertRefused(
        "layer 1 'pool1': expected input of shape (channels, length) but got (3, 7, 8)",
        IMAGE,
        s -> s.maxPool1d(2));
    assertRefused(
        "layer 1 'averagePool1': expected input of shape (channels, height, width) but got (3, 8)",
        SEQUENCE,
        s -> s.averagePool2d(2, p -> p.same(true)));
    assertRefused(
        "layer 1: dilation: expected at least 1 but got 0",
        SEQUENCE,
        s -> s.maxPool1d(2, p -> p.dilation(0)));
    assertRefused(
        "layer 1: padding: expected at least 0 but got -1",
        SEQUENCE,
        s -> s.averagePool1d(2, p -> p.padding(-1)));
  }

  private static void assertRefused(String message, Shape input, UnaryOperator<LayerSteps> layers) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> layers.apply(Network.input(input.toArray())));
    assertEquals(message, e.getMessage());
  }
}
