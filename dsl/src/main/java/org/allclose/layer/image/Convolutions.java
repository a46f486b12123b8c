package org.allclose.layer.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.ops.ConvolutionOps;
import org.allclose.internal.ops.LinearMap;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ImageWindows;
import org.allclose.internal.pass.LinearPass;
import org.allclose.internal.pass.WeightNorm;
import org.allclose.internal.pass.WindowSettings;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** What convolutions of images and of sequences, transposed or not, have in common. */
final class Convolutions {

  /**
   * The axis of weights that sizes are of: filters, of transposed ones channels, as PyTorch has it.
   */
  private static final int UNITS_AXIS = 0;

  private Convolutions() {}

  /**
   * Refuses settings that contradict each other.
   *
   * @param padding lengths
   * @param none what they are where there is no padding
   * @throws IllegalArgumentException if groups do not divide the filters, or both padding and
   *     'same' are said
   */
  static void check(int filters, int groups, boolean same, Object padding, Object none) {
    checkGroups(filters, groups);
    if (same && !padding.equals(none)) {
      throw new IllegalArgumentException(
          "padding: expected none beside 'same', which says how much there is, but got " + padding);
    }
  }

  /**
   * Refuses groups that do not divide the filters.
   *
   * @throws IllegalArgumentException if they do not
   */
  static void checkGroups(int filters, int groups) {
    if (filters % groups != 0) {
      throw new IllegalArgumentException(
          "groups: expected a number that divides the " + filters + " filters but got " + groups);
    }
  }

  /**
   * Returns how many channels each group has.
   *
   * @throws ShapeMismatchException if groups do not divide them
   */
  static int channelsOfGroup(Shape input, int groups) {
    if (input.axis(0) % groups != 0) {
      throw new ShapeMismatchException(
          "expected channels that " + groups + " groups divide but got " + input);
    }
    return input.axis(0) / groups;
  }

  /**
   * Returns where windows lie on images.
   *
   * @throws ShapeMismatchException as {@link ImageWindows#of(Shape, WindowSettings)}, or if groups
   *     do not divide the channels, or a margin is wider than the mode allows
   */
  static Windows windows(Shape input, WindowSettings settings, int groups, PaddingMode mode) {
    Windows windows = ImageWindows.of(input, settings);
    channelsOfGroup(input, groups);
    mode.check(windows.vertical());
    mode.check(windows.horizontal());
    return windows;
  }

  /** Returns sequences as images of one row. */
  static Shape image(Shape input) {
    if (input.rank() != 2) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, length) but got " + input);
    }
    return Shape.of(input.axis(0), 1, input.axis(1));
  }

  /**
   * Returns the weights, or what they are computed of, and, where there is one, the bias.
   *
   * @param normed whether there are directions and sizes in place of the weights
   */
  static List<ParameterSpec> parameters(
      ParameterSpec weights, boolean normed, int filters, boolean bias) {
    List<ParameterSpec> parameters =
        new ArrayList<>(normed ? WeightNorm.parameters(weights, UNITS_AXIS) : List.of(weights));
    if (bias) {
      parameters.add(ParameterSpec.bias(LinearPass.BIAS, Shape.of(filters), AxisRole.OUT));
    }
    return parameters;
  }

  /**
   * Returns the pass of a convolution whose weights are computed of directions and sizes.
   *
   * @param weights those of the plain layer
   * @param plain the layer without
   */
  static Pass normed(LayerContext context, ParameterSpec weights, UnaryLayer plain) {
    return WeightNorm.pass(context, weights, UNITS_AXIS, plain::pass);
  }

  /**
   * Returns the pass of a convolution.
   *
   * @param windows where they lie on images, which may be sequences
   */
  static Pass pass(
      UnaryLayer layer, LayerContext context, Windows windows, PaddingMode mode, boolean bias) {
    Ops ops = Ops.of(context.dtype(), context.threads());
    Tensor w = context.parameter(LinearPass.WEIGHTS);
    Optional<Tensor> b = LinearPass.bias(context, bias);
    LinearMap map;
    if (mode == PaddingMode.ZEROS) {
      map = ops.convolution(windows, context.batch(), w, b, false);
    } else {
      map =
          ConvolutionOps.of(context.dtype(), context.threads())
              .withMargins(
                  ops.convolution(windows.onPadded(), context.batch(), w, b, false),
                  mode.sources(windows.vertical()),
                  mode.sources(windows.horizontal()),
                  Shape.of(context.batch(), windows.channels(), windows.height(), windows.width()));
    }
    return new LinearPass(
        layer, context, map, Optional.empty(), layer.outputShape(context.input()));
  }
}
