package org.allclose.layer.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import org.allclose.Network;
import org.allclose.Parameters;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers that move or weigh pixels: texts, shapes, and what they refuse. */
class PixelsTest {
  private static final Shape IMAGE = Shape.of(8, 4, 6);

  @Test
  void layers_printAndHaveShapes() {
    assertEquals("pixelShuffle(2)", new PixelShuffle(2).toString());
    assertEquals(Shape.of(2, 8, 12), new PixelShuffle(2).outputShape(IMAGE));
    assertEquals(Shape.of(32, 2, 3), new PixelUnshuffle(2).outputShape(IMAGE));
    assertEquals(
        "resize2d(3x5, mode bicubic, align corners)",
        new Resize2d(new Extent2d(3, 5)).mode(Interpolation.BICUBIC).alignCorners(true).toString());
    assertEquals(Shape.of(8, 5, 5), new Resize2d(5).outputShape(IMAGE));
    assertEquals(
        "localResponseNorm(5, alpha 1.0E-4, beta 0.75, k 1.0)",
        new LocalResponseNorm(5).toString());
    assertEquals(IMAGE, new LocalResponseNorm(5).outputShape(IMAGE));
  }

  /** The terms of bicubic weights are their magnitudes: some are negative. */
  @Test
  void bicubicWeights_ofAConstantAddUpToOne() {
    Network net =
        Network.input(1, 3, 3)
            .resize2d(4, r -> r.mode(Interpolation.BICUBIC))
            .build()
            .bind(Parameters.of(Map.of()));
    double[] y = net.predict(Tensor.zeros(1, 1, 3, 3).map(v -> 1)).toArray();
    double[] ones = new double[16];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, y, 1e-15);
  }

  @Test
  void whatCannotWork_isRefused() {
    assertRefused(
        "layer 1 'pixelShuffle1': expected channels that are a multiple of 9 but got (8, 4, 6)",
        () -> Network.input(8, 4, 6).pixelShuffle(3));
    assertRefused(
        "layer 1 'pixelUnshuffle1': expected height and width that are multiples of 4 but got (8,"
            + " 4, 6)",
        () -> Network.input(8, 4, 6).pixelUnshuffle(4));
    assertRefused(
        "layer 1 'pixelShuffle1': expected input of shape (channels, height, width) but got (8, 4)",
        () -> Network.input(8, 4).pixelShuffle(2));
    assertRefused(
        "layer 1: factor: expected 1 to 46340 but got 0",
        () -> Network.input(8, 4, 6).pixelShuffle(0));
    assertRefused(
        "layer 1: alignCorners: expected mode bilinear or bicubic beside it but got nearest",
        () -> Network.input(8, 4, 6).resize2d(3, r -> r.alignCorners(true)));
    assertRefused(
        "layer 1 'resize2d1': expected input of shape (channels, height, width) but got (8, 4)",
        () -> Network.input(8, 4).resize2d(3));
    assertRefused(
        "layer 1: k: expected a finite number of at least 0 but got -1.0",
        () -> Network.input(8, 4).localResponseNorm(3, n -> n.k(-1)));
    assertRefused(
        "layer 1 'localResponseNorm1': expected input of shape (channels, ...) with at least one"
            + " axis behind the channels but got (8,)",
        () -> Network.input(8).localResponseNorm(3));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
