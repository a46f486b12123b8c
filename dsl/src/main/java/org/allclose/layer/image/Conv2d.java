package org.allclose.layer.image;

import java.util.List;
import java.util.Optional;
import org.allclose.init.Initializer;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.pass.LinearPass;
import org.allclose.internal.pass.WindowSettings;
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
 * Convolution of images, as cross-correlation: {@code y[n, f] = sum over (c, i, j) of W[f, c, i, j]
 * * window(n, c, i, j) + b[f]}.
 *
 * <p>Shapes: x (n, C, H, W), W (F, C / groups, KH, KW), b (F), result (n, F, OH, OW) with {@code OH
 * = (H + 2 * padding - dilation * (KH - 1) - 1) / stride + 1}, rounded down: rows and columns that
 * a last window does not cover are not read, unless {@link #exact} refuses such settings. With
 * {@link #same} there is as much padding as makes {@code OH = ceil(H / stride)}, of an odd number
 * the one more at the end: TensorFlow's 'same', which for stride 1 is PyTorch's too.
 *
 * <p>Computed as the matrix product of the filters (F, C * KH * KW) and the unfolded input, in
 * numpy's order; in groups, one such product for each, of its filters and its channels. {@code db}
 * is numpy's {@code dout.sum(axis=(0, 2, 3))}. A margin other than zeros is put around the images
 * first; its gradient goes back to the elements it has copies of, in row-major order.
 *
 * <p>Source: the reference's {@code conv2d_forward} and {@code conv2d_backward}; cs231n {@code
 * conv_forward_naive}; PyTorch {@code Conv2d}.
 *
 * @param filters the number of output channels
 * @param kernel rows and columns of a filter
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns of zeros, or of what the mode says, on each side
 * @param dilation rows and columns from a place of a window to the next
 * @param groups into how many groups channels and filters are divided, each filter taking the
 *     channels of its group alone
 * @param same whether there is as much padding as makes {@code ceil(H / stride)} rows
 * @param paddingMode what is around the images
 * @param bias whether b is added
 * @param weightNorm whether W is computed of directions v and sizes g, one for each filter
 * @param exact whether windows must cover the padded input without rest
 * @param initializer how W starts; empty if as all weights of the network. It is no part of a
 *     network file
 */
public record Conv2d(
    int filters,
    Extent2d kernel,
    Extent2d stride,
    Extent2d padding,
    Extent2d dilation,
    int groups,
    boolean same,
    PaddingMode paddingMode,
    boolean bias,
    boolean weightNorm,
    boolean exact,
    Optional<Initializer> initializer)
    implements UnaryLayer {

  /** Rows and columns of a filter where nothing is said. */
  public static final Extent2d DEFAULT_KERNEL = Extent2d.of(3);

  /** The stride where nothing is said. */
  public static final Extent2d DEFAULT_STRIDE = Extent2d.of(1);

  /** The padding where nothing is said: none. */
  public static final Extent2d DEFAULT_PADDING = Extent2d.of(0);

  /** The dilation where nothing is said: places of a window lie side by side. */
  public static final Extent2d DEFAULT_DILATION = Extent2d.of(1);

  /** The groups where nothing is said: one. */
  public static final int DEFAULT_GROUPS = 1;

  /** Whether padding follows from the input where nothing is said. */
  public static final boolean DEFAULT_SAME = false;

  /** What is around the images where nothing is said. */
  public static final PaddingMode DEFAULT_PADDING_MODE = PaddingMode.ZEROS;

  /** Whether weights are computed of directions and sizes where nothing is said. */
  public static final boolean DEFAULT_WEIGHT_NORM = false;

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  /** Whether windows must cover the padded input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<Conv2d, Integer> FILTERS =
      Setting.integer("filters", Conv2d::filters).atLeast(1).bare();
  private static final Setting<Conv2d, Extent2d> KERNEL =
      Setting.<Conv2d>extent("kernel", Conv2d::kernel).atLeast(1).orElse(DEFAULT_KERNEL);
  private static final Setting<Conv2d, Extent2d> STRIDE =
      Setting.<Conv2d>extent("stride", Conv2d::stride).atLeast(1).orElse(DEFAULT_STRIDE).quiet();
  private static final Setting<Conv2d, Extent2d> PADDING =
      Setting.<Conv2d>extent("padding", Conv2d::padding).atLeast(0).orElse(DEFAULT_PADDING).quiet();
  private static final Setting<Conv2d, Extent2d> DILATION =
      Setting.<Conv2d>extent("dilation", Conv2d::dilation)
          .atLeast(1)
          .orElse(DEFAULT_DILATION)
          .quiet();
  private static final Setting<Conv2d, Integer> GROUPS =
      Setting.<Conv2d>integer("groups", Conv2d::groups).atLeast(1).orElse(DEFAULT_GROUPS).quiet();
  private static final Setting<Conv2d, Boolean> SAME =
      Setting.truth("same", DEFAULT_SAME, Conv2d::same);
  private static final Setting<Conv2d, PaddingMode> PADDING_MODE =
      Setting.<Conv2d, PaddingMode>choice("paddingMode", PaddingMode.class, Conv2d::paddingMode)
          .orElse(DEFAULT_PADDING_MODE)
          .quiet();
  private static final Setting<Conv2d, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, Conv2d::bias);
  private static final Setting<Conv2d, Boolean> WEIGHT_NORM =
      Setting.truth("weightNorm", DEFAULT_WEIGHT_NORM, Conv2d::weightNorm);
  private static final Setting<Conv2d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, Conv2d::exact);
  private static final Setting<Conv2d, Optional<Initializer>> INITIALIZER =
      Setting.program("initializer", Optional.empty(), Conv2d::initializer);

  /** What this kind of layer says of itself. */
  public static final Type<Conv2d> TYPE =
      Type.of(
              "conv2d",
              Conv2d.class,
              v ->
                  new Conv2d(
                      v.get(FILTERS),
                      v.get(KERNEL),
                      v.get(STRIDE),
                      v.get(PADDING),
                      v.get(DILATION),
                      v.get(GROUPS),
                      v.get(SAME),
                      v.get(PADDING_MODE),
                      v.get(BIAS),
                      v.get(WEIGHT_NORM),
                      v.get(EXACT),
                      v.get(INITIALIZER)),
              FILTERS,
              KERNEL,
              STRIDE,
              PADDING,
              DILATION,
              GROUPS,
              SAME,
              PADDING_MODE,
              BIAS,
              WEIGHT_NORM,
              EXACT,
              INITIALIZER)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Conv2d(2), 3, 6, 5),
                      Sample.of(new Conv2d(3).kernel(2, 3).stride(2, 1).padding(1, 2), 2, 5, 4),
                      Sample.of(new Conv2d(2).kernel(1).bias(false).exact(true), 3, 4, 4),
                      Sample.of(new Conv2d(2).kernel(2).weightNorm(true), 2, 3, 3),
                      Sample.of(new Conv2d(2).kernel(2).dilation(2, 1).groups(2), 2, 4, 3),
                      Sample.of(
                          new Conv2d(2).stride(2).same(true).paddingMode(PaddingMode.REFLECT),
                          1,
                          4,
                          3)));

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public Conv2d {
    FILTERS.check(filters);
    KERNEL.check(kernel);
    STRIDE.check(stride);
    PADDING.check(padding);
    DILATION.check(dilation);
    GROUPS.check(groups);
    PADDING_MODE.check(paddingMode);
    Convolutions.check(filters, groups, same, padding, DEFAULT_PADDING);
  }

  /** A layer with the given number of filters and the defaults. */
  public Conv2d(int filters) {
    this(
        filters,
        DEFAULT_KERNEL,
        DEFAULT_STRIDE,
        DEFAULT_PADDING,
        DEFAULT_DILATION,
        DEFAULT_GROUPS,
        DEFAULT_SAME,
        DEFAULT_PADDING_MODE,
        DEFAULT_BIAS,
        DEFAULT_WEIGHT_NORM,
        DEFAULT_EXACT,
        Optional.empty());
  }

  /** Returns the same layer with square filters. */
  public Conv2d kernel(int both) {
    return kernel(both, both);
  }

  /** Returns the same layer with filters of other rows and columns. */
  public Conv2d kernel(int height, int width) {
    return TYPE.with(this, KERNEL, new Extent2d(height, width));
  }

  /** Returns the same layer with another stride in both directions. */
  public Conv2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public Conv2d stride(int height, int width) {
    return TYPE.with(this, STRIDE, new Extent2d(height, width));
  }

  /** Returns the same layer with another padding in both directions. */
  public Conv2d padding(int both) {
    return padding(both, both);
  }

  /** Returns the same layer with another padding. */
  public Conv2d padding(int height, int width) {
    return TYPE.with(this, PADDING, new Extent2d(height, width));
  }

  /** Returns the same layer with other distances of a window's places in both directions. */
  public Conv2d dilation(int both) {
    return dilation(both, both);
  }

  /** Returns the same layer with other distances of a window's places. */
  public Conv2d dilation(int height, int width) {
    return TYPE.with(this, DILATION, new Extent2d(height, width));
  }

  /** Returns the same layer in groups; as many as there are channels make it depthwise. */
  public Conv2d groups(int number) {
    return TYPE.with(this, GROUPS, number);
  }

  /** Returns the same layer whose padding follows from the input, or does not. */
  public Conv2d same(boolean padded) {
    return TYPE.with(this, SAME, padded);
  }

  /** Returns the same layer with something else around the images. */
  public Conv2d paddingMode(PaddingMode mode) {
    return TYPE.with(this, PADDING_MODE, mode);
  }

  /** Returns the same layer with or without a bias. */
  public Conv2d bias(boolean present) {
    return TYPE.with(this, BIAS, present);
  }

  /**
   * Returns the same layer whose weights are computed of directions v and sizes g, {@code W = v *
   * (g / norm)} with {@code norm = sqrt(sum(v * v))} over all weights of a filter, or are not.
   */
  public Conv2d weightNorm(boolean computed) {
    return TYPE.with(this, WEIGHT_NORM, computed);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public Conv2d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  /** Returns the same layer whose weights start in their own way. */
  public Conv2d initializer(Initializer own) {
    return TYPE.with(this, INITIALIZER, Optional.of(own));
  }

  @Override
  public Type<Conv2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "conv";
  }

  @Override
  public Shape outputShape(Shape input) {
    Windows windows = windows(input);
    return Shape.of(filters, windows.outputHeight(), windows.outputWidth());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Convolutions.parameters(weights(input), weightNorm, filters, bias);
  }

  private ParameterSpec weights(Shape input) {
    return ParameterSpec.weight(
            LinearPass.WEIGHTS,
            Shape.of(
                filters,
                Convolutions.channelsOfGroup(input, groups),
                kernel.height(),
                kernel.width()),
            AxisRole.OUT,
            AxisRole.IN,
            AxisRole.KERNEL,
            AxisRole.KERNEL)
        .startingWith(initializer);
  }

  @Override
  public Pass pass(LayerContext context) {
    if (weightNorm) {
      return Convolutions.normed(context, weights(context.input()), weightNorm(false));
    }
    return Convolutions.pass(this, context, windows(context.input()), paddingMode, bias);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private Windows windows(Shape input) {
    WindowSettings settings = new WindowSettings(kernel, stride, padding, dilation, same, exact);
    return Convolutions.windows(input, settings, groups, paddingMode);
  }
}
