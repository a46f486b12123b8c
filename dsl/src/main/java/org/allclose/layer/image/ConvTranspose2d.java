package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.pass.LinearPass;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Transposed convolution of images: {@code y[n, f, row, column] = sum of x[n, c, v, u] * W[c, f, i,
 * j] + b[f]} over all channels c and over all {@code v * stride - padding + i * dilation = row}
 * and, with u and j, columns likewise: what the gradient of a convolution is for its input.
 *
 * <p>Shapes: x (n, C, H, W), W (C, F / groups, KH, KW), b (F), result (n, F, OH, OW) with {@code OH
 * = (H - 1) * stride - 2 * padding + dilation * (KH - 1) + 1 + outputPadding}. A channel goes to
 * the filters of its group alone.
 *
 * <p>Computed as the reference's {@code conv2d_backward} computes the gradient of the images; b is
 * added afterwards. {@code db} is numpy's {@code dout.sum(axis=(0, 2, 3))}.
 *
 * <p>Source: the reference's {@code conv_transpose2d_forward}; PyTorch {@code ConvTranspose2d};
 * Keras {@code Conv2DTranspose}, which has no groups.
 *
 * @param filters the number of output channels
 * @param kernel rows and columns of a filter
 * @param stride rows and columns from a window of the output to the next
 * @param padding rows and columns that are cut off on each side of the output
 * @param outputPadding rows and columns that the output has more at its end
 * @param dilation rows and columns from a place of a window to the next
 * @param groups into how many groups channels and filters are divided
 * @param bias whether b is added
 * @param weightNorm whether W is computed of directions v and sizes g, one for each channel
 */
public record ConvTranspose2d(
    int filters,
    Extent2d kernel,
    Extent2d stride,
    Extent2d padding,
    Extent2d outputPadding,
    Extent2d dilation,
    int groups,
    boolean bias,
    boolean weightNorm)
    implements UnaryLayer {

  /** Rows and columns of a filter where nothing is said. */
  public static final Extent2d DEFAULT_KERNEL = Extent2d.of(3);

  /** The stride where nothing is said. */
  public static final Extent2d DEFAULT_STRIDE = Extent2d.of(1);

  /** The padding where nothing is said: none. */
  public static final Extent2d DEFAULT_PADDING = Extent2d.of(0);

  /** How much the output has more where nothing is said: nothing. */
  public static final Extent2d DEFAULT_OUTPUT_PADDING = Extent2d.of(0);

  /** The dilation where nothing is said: places of a window lie side by side. */
  public static final Extent2d DEFAULT_DILATION = Extent2d.of(1);

  /** The groups where nothing is said: one. */
  public static final int DEFAULT_GROUPS = 1;

  /** Whether weights are computed of directions and sizes where nothing is said. */
  public static final boolean DEFAULT_WEIGHT_NORM = false;

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  private static final Setting<ConvTranspose2d, Integer> FILTERS =
      Setting.<ConvTranspose2d>integer("filters", ConvTranspose2d::filters).atLeast(1).bare();
  private static final Setting<ConvTranspose2d, Extent2d> KERNEL =
      Setting.<ConvTranspose2d>extent("kernel", ConvTranspose2d::kernel)
          .atLeast(1)
          .orElse(DEFAULT_KERNEL);
  private static final Setting<ConvTranspose2d, Extent2d> STRIDE =
      Setting.<ConvTranspose2d>extent("stride", ConvTranspose2d::stride)
          .atLeast(1)
          .orElse(DEFAULT_STRIDE)
          .quiet();
  private static final Setting<ConvTranspose2d, Extent2d> PADDING =
      Setting.<ConvTranspose2d>extent("padding", ConvTranspose2d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<ConvTranspose2d, Extent2d> OUTPUT_PADDING =
      Setting.<ConvTranspose2d>extent("outputPadding", ConvTranspose2d::outputPadding)
          .atLeast(0)
          .orElse(DEFAULT_OUTPUT_PADDING)
          .quiet();
  private static final Setting<ConvTranspose2d, Extent2d> DILATION =
      Setting.<ConvTranspose2d>extent("dilation", ConvTranspose2d::dilation)
          .atLeast(1)
          .orElse(DEFAULT_DILATION)
          .quiet();
  private static final Setting<ConvTranspose2d, Integer> GROUPS =
      Setting.<ConvTranspose2d>integer("groups", ConvTranspose2d::groups)
          .atLeast(1)
          .orElse(DEFAULT_GROUPS)
          .quiet();
  private static final Setting<ConvTranspose2d, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, ConvTranspose2d::bias);
  private static final Setting<ConvTranspose2d, Boolean> WEIGHT_NORM =
      Setting.truth("weightNorm", DEFAULT_WEIGHT_NORM, ConvTranspose2d::weightNorm);

  /** What this kind of layer says of itself. */
  public static final Type<ConvTranspose2d> TYPE =
      Type.of(
              "convTranspose2d",
              ConvTranspose2d.class,
              v ->
                  new ConvTranspose2d(
                      v.get(FILTERS),
                      v.get(KERNEL),
                      v.get(STRIDE),
                      v.get(PADDING),
                      v.get(OUTPUT_PADDING),
                      v.get(DILATION),
                      v.get(GROUPS),
                      v.get(BIAS),
                      v.get(WEIGHT_NORM)),
              FILTERS,
              KERNEL,
              STRIDE,
              PADDING,
              OUTPUT_PADDING,
              DILATION,
              GROUPS,
              BIAS,
              WEIGHT_NORM)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new ConvTranspose2d(2).stride(2).padding(1), 3, 3, 2),
                      Sample.of(
                          new ConvTranspose2d(4)
                              .kernel(2, 3)
                              .stride(2)
                              .outputPadding(1, 0)
                              .groups(2),
                          2,
                          2,
                          3),
                      Sample.of(
                          new ConvTranspose2d(1).kernel(2).dilation(2, 1).bias(false), 2, 2, 2),
                      Sample.of(new ConvTranspose2d(2).kernel(2).weightNorm(true), 2, 2, 2)));

  /**
   * @throws IllegalArgumentException if a number is too small, or groups do not divide the filters
   */
  public ConvTranspose2d {
    FILTERS.check(filters);
    KERNEL.check(kernel);
    STRIDE.check(stride);
    PADDING.check(padding);
    OUTPUT_PADDING.check(outputPadding);
    DILATION.check(dilation);
    GROUPS.check(groups);
    Convolutions.checkGroups(filters, groups);
  }

  /** A layer with the given number of filters and the defaults. */
  public ConvTranspose2d(int filters) {
    this(
        filters,
        DEFAULT_KERNEL,
        DEFAULT_STRIDE,
        DEFAULT_PADDING,
        DEFAULT_OUTPUT_PADDING,
        DEFAULT_DILATION,
        DEFAULT_GROUPS,
        DEFAULT_BIAS,
        DEFAULT_WEIGHT_NORM);
  }

  /** Returns the same layer with filters of another size in both directions. */
  public ConvTranspose2d kernel(int both) {
    return kernel(both, both);
  }

  /** Returns the same layer with filters of another size. */
  public ConvTranspose2d kernel(int height, int width) {
    return TYPE.with(this, KERNEL, new Extent2d(height, width));
  }

  /** Returns the same layer with another stride in both directions. */
  public ConvTranspose2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public ConvTranspose2d stride(int height, int width) {
    return TYPE.with(this, STRIDE, new Extent2d(height, width));
  }

  /** Returns the same layer with another padding in both directions. */
  public ConvTranspose2d padding(int both) {
    return padding(both, both);
  }

  /** Returns the same layer with another padding. */
  public ConvTranspose2d padding(int height, int width) {
    return TYPE.with(this, PADDING, new Extent2d(height, width));
  }

  /** Returns the same layer with more output at its end in both directions. */
  public ConvTranspose2d outputPadding(int both) {
    return outputPadding(both, both);
  }

  /** Returns the same layer with more output at its end. */
  public ConvTranspose2d outputPadding(int height, int width) {
    return TYPE.with(this, OUTPUT_PADDING, new Extent2d(height, width));
  }

  /** Returns the same layer with other distances of a window's places in both directions. */
  public ConvTranspose2d dilation(int both) {
    return dilation(both, both);
  }

  /** Returns the same layer with other distances of a window's places. */
  public ConvTranspose2d dilation(int height, int width) {
    return TYPE.with(this, DILATION, new Extent2d(height, width));
  }

  /** Returns the same layer in groups. */
  public ConvTranspose2d groups(int number) {
    return TYPE.with(this, GROUPS, number);
  }

  /** Returns the same layer with or without a bias. */
  public ConvTranspose2d bias(boolean present) {
    return TYPE.with(this, BIAS, present);
  }

  /**
   * Returns the same layer whose weights are computed of directions v and sizes g, {@code W = v *
   * (g / norm)} with {@code norm = sqrt(sum(v * v))} over all weights of a channel, or are not.
   */
  public ConvTranspose2d weightNorm(boolean computed) {
    return TYPE.with(this, WEIGHT_NORM, computed);
  }

  @Override
  public Type<ConvTranspose2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "convTranspose";
  }

  @Override
  public Shape outputShape(Shape input) {
    Windows windows = windows(input);
    return Shape.of(filters, windows.height(), windows.width());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Convolutions.parameters(weights(input), weightNorm, filters, bias);
  }

  private ParameterSpec weights(Shape input) {
    return ParameterSpec.weight(
        LinearPass.WEIGHTS,
        Shape.of(input.axis(0), filters / groups, kernel.height(), kernel.width()),
        AxisRole.IN,
        AxisRole.OUT,
        AxisRole.KERNEL,
        AxisRole.KERNEL);
  }

  @Override
  public Pass pass(LayerContext context) {
    if (weightNorm) {
      return Convolutions.normed(context, weights(context.input()), weightNorm(false));
    }
    return TransposedConvolutions.pass(this, context, windows(context.input()), bias);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private Windows windows(Shape input) {
    TransposedConvolutions convolution =
        new TransposedConvolutions(kernel, stride, padding, outputPadding, dilation);
    Windows windows = convolution.windows(input, filters);
    Convolutions.channelsOfGroup(input, groups);
    return windows;
  }
}
