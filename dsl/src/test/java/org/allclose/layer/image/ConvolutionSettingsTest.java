package org.allclose.layer.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.allclose.LayerSteps;
import org.allclose.Network;
import org.allclose.NetworkBuilder;
import org.allclose.init.Fans;
import org.allclose.internal.kernel.image.WindowAxis;
import org.allclose.layer.AxisRole;
import org.allclose.layer.ParameterSpec;
import org.allclose.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What convolutions accept, what shapes they have, and what errors say. */
class ConvolutionSettingsTest {

  @Test
  void text_namesWhatIsNotTheDefault() {
    assertEquals(
        "conv2d(4, kernel 3x3, dilation 2x1, groups 2, same, padding mode reflect)",
        new Conv2d(4)
            .dilation(2, 1)
            .groups(2)
            .same(true)
            .paddingMode(PaddingMode.REFLECT)
            .toString());
    assertEquals(
        "conv1d(4, kernel 3, dilation 2, groups 4, padding mode circular)",
        new Conv1d(4).dilation(2).groups(4).paddingMode(PaddingMode.CIRCULAR).toString());
    assertEquals(
        "convTranspose2d(4, kernel 2x3, stride 2x2, padding 1x1, output padding 1x0, dilation 2x2,"
            + " groups 2, no bias)",
        new ConvTranspose2d(4)
            .kernel(2, 3)
            .stride(2)
            .padding(1)
            .outputPadding(1, 0)
            .dilation(2)
            .groups(2)
            .bias(false)
            .toString());
    assertEquals(
        "convTranspose1d(4, kernel 4, stride 2, padding 1, output padding 1, dilation 3, groups 2)",
        new ConvTranspose1d(4)
            .kernel(4)
            .stride(2)
            .padding(1)
            .outputPadding(1)
            .dilation(3)
            .groups(2)
            .toString());
  }

  /** Shapes as PyTorch 2 and, for 'same' with strides, TensorFlow give them. */
  @Test
  void outputs_areThoseOfTheFrameworks() {
    Shape image = Shape.of(4, 9, 8);
    assertEquals(
        Shape.of(6, 4, 4), new Conv2d(6).stride(2).padding(1, 2).dilation(2).outputShape(image));
    assertEquals(Shape.of(6, 5, 3), new Conv2d(6).stride(2, 3).same(true).outputShape(image));
    assertEquals(Shape.of(6, 9, 8), new Conv2d(6).kernel(4, 20).same(true).outputShape(image));
    assertEquals(Shape.of(6, 9, 8), new Conv2d(6).kernel(1).same(true).outputShape(image));
    assertEquals(Shape.of(6, 5), new Conv1d(6).stride(2).same(true).outputShape(Shape.of(4, 9)));
    assertEquals(
        Shape.of(6, 19, 24),
        new ConvTranspose2d(6)
            .kernel(3, 4)
            .stride(2, 3)
            .outputPadding(0, 1)
            .padding(0, 1)
            .outputShape(image));
    assertEquals(Shape.of(6, 13), new ConvTranspose1d(6).dilation(2).outputShape(Shape.of(4, 9)));
  }

  @Test
  void weights_areThoseOfAGroup() {
    ParameterSpec grouped = new Conv2d(6).groups(2).parameters(Shape.of(4, 9, 8)).get(0);
    assertEquals(Shape.of(6, 2, 3, 3), grouped.shape());
    assertEquals(new Fans(18, 54), grouped.fans());
    ParameterSpec depthwise = new Conv1d(8).groups(4).parameters(Shape.of(4, 9)).get(0);
    assertEquals(Shape.of(8, 1, 3), depthwise.shape());
    List<ParameterSpec> transposed =
        new ConvTranspose2d(6).kernel(2, 3).groups(2).parameters(Shape.of(4, 9, 8));
    assertEquals(
        ParameterSpec.weight(
            "W", Shape.of(4, 3, 2, 3), AxisRole.IN, AxisRole.OUT, AxisRole.KERNEL, AxisRole.KERNEL),
        transposed.get(0));
    assertEquals(ParameterSpec.bias("b", Shape.of(6), AxisRole.OUT), transposed.get(1));
    assertEquals(
        Shape.of(4, 6, 3), new ConvTranspose1d(6).parameters(Shape.of(4, 9)).get(0).shape());
  }

  /** The indices that np.pad(np.arange(4), (2, 3), mode) gives, and for reflect (3, 2). */
  @Test
  void margins_areThoseOfNumpy() {
    WindowAxis axis = WindowAxis.fitting(4, 1, 1, 1, 2, 3);
    assertArrayEquals(new int[] {0, 0, 0, 1, 2, 3, 3, 3, 3}, PaddingMode.REPLICATE.sources(axis));
    assertArrayEquals(new int[] {2, 3, 0, 1, 2, 3, 0, 1, 2}, PaddingMode.CIRCULAR.sources(axis));
    assertArrayEquals(
        new int[] {3, 2, 1, 0, 1, 2, 3, 2, 1},
        PaddingMode.REFLECT.sources(WindowAxis.fitting(4, 1, 1, 1, 3, 2)));
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        misfit(
            "layer 1 'conv1': expected channels that 2 groups divide but got (3, 7, 8)",
            s -> s.conv2d(4, c -> c.groups(2))),
        misfit(
            "layer 1: groups: expected a number that divides the 4 filters but got 3",
            s -> s.conv2d(4, c -> c.groups(3))),
        misfit(
            "layer 1: groups: expected at least 1 but got 0", s -> s.conv2d(4, c -> c.groups(0))),
        misfit(
            "layer 1: dilation: expected at least 1 in both directions but got 1x0",
            s -> s.conv2d(4, c -> c.dilation(1, 0))),
        misfit(
            "layer 1: padding: expected none beside 'same', which says how much there is, but got"
                + " 1x1",
            s -> s.conv2d(4, c -> c.padding(1).same(true))),
        misfit(
            "layer 1 'conv1': expected a window of at most 7x8, the padded input, but got 9x5 (3x3"
                + " with dilation 4x2)",
            s -> s.conv2d(4, c -> c.dilation(4, 2))),
        misfit(
            "layer 1 'conv1': expected windows over at most 2147483647 rows or columns but got 3"
                + " with dilation 2147483647",
            s -> s.conv2d(4, c -> c.dilation(Integer.MAX_VALUE))),
        misfit(
            "layer 1 'conv1': expected a reflected margin of at most 6 around a length of 7 but"
                + " got 7",
            s -> s.conv2d(4, c -> c.padding(7, 0).paddingMode(PaddingMode.REFLECT))),
        misfit(
            "layer 1 'conv1': expected a circular margin of at most 8 around a length of 8 but got"
                + " 9",
            s -> s.conv2d(4, c -> c.padding(0, 9).paddingMode(PaddingMode.CIRCULAR))),
        misfit(
            "layer 1: padding: expected none beside 'same', which says how much there is, but got"
                + " 2",
            s -> s.conv1d(4, c -> c.padding(2).same(true))),
        misfit(
            "layer 1 'conv1': expected input of shape (channels, length) but got (3, 7, 8)",
            s -> s.conv1d(4, c -> c)),
        misfit(
            "layer 2 'convTranspose1': expected input of shape (channels, height, width) but got"
                + " (168,)",
            s -> s.flatten().convTranspose2d(4, c -> c)),
        misfit(
            "layer 1 'convTranspose1': expected channels that 2 groups divide but got (3, 7, 8)",
            s -> s.convTranspose2d(4, c -> c.groups(2))),
        misfit(
            "layer 1: groups: expected a number that divides the 4 filters but got 3",
            s -> s.convTranspose2d(4, c -> c.groups(3))),
        misfit(
            "layer 1 'convTranspose1': expected an output padding of at most 1x2, less than the"
                + " stride or the dilation, but got 1x3",
            s -> s.convTranspose2d(4, c -> c.stride(2, 1).dilation(1, 3).outputPadding(1, 3))),
        misfit(
            "layer 1 'convTranspose1': expected padding that leaves some output but got 1x-2",
            s -> s.convTranspose2d(4, c -> c.padding(4, 6))),
        misfit(
            "layer 1 'convTranspose1': expected an output of at most 2147483647 rows or columns"
                + " but got 12884901885",
            s -> s.convTranspose2d(4, c -> c.stride(Integer.MAX_VALUE, 1))),
        misfit(
            "layer 1 'convTranspose1': expected input of shape (channels, length) but got (3, 7,"
                + " 8)",
            s -> s.convTranspose1d(4, c -> c)));
  }

  private static Arguments misfit(String message, Function<LayerSteps, NetworkBuilder> steps) {
    return Arguments.of(message, steps);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("misfits")
  void layer_thatDoesNotFit_isRefusedWhereItIsAdded(
      String message, Function<LayerSteps, NetworkBuilder> steps) {
    LayerSteps start = Network.input(3, 7, 8);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> steps.apply(start));
    assertEquals(message, e.getMessage());
  }
}
