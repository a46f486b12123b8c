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
 * Transposed convolution of sequences: {@code y[n, f, t] = sum of x[n, c, s] * W[c, f, i] + b[f]}
 * over all channels c and over all {@code s * stride - padding + i * dilation = t}.
 *
 * <p>Shapes: x (n, C, L), W (C, F / groups, K), b (F), result (n, F, OL) with {@code OL = (L - 1) *
 * stride - 2 * padding + dilation * (K - 1) + 1 + outputPadding}.
 *
 * <p>Computed as {@link ConvTranspose2d} on images of one row. Source: the reference's {@code
 * conv_transpose2d_forward}; PyTorch {@code ConvTranspose1d}; Keras {@code Conv1DTranspose}, which
 * keeps sequences as (n, L, C).
 *
 * @param filters the number of output channels
 * @param kernel the length of a filter
 * @param stride from a window of the output to the next
 * @param padding how much is cut off on each side of the output
 * @param outputPadding how much the output has more at its end
 * @param dilation from a place of a window to the next
 * @param groups into how many groups channels and filters are divided
 * @param bias whether b is added
 * @param weightNorm whether W is computed of directions v and sizes g, one for each channel
 */
public record ConvTranspose1d(
    int filters,
    int kernel,
    int stride,
    int padding,
    int outputPadding,
    int dilation,
    int groups,
    boolean bias,
    boolean weightNorm)
    implements UnaryLayer {

  /** The length of a filter where nothing is said. */
  public static final int DEFAULT_KERNEL = 3;

  /** The stride where nothing is said. */
  public static final int DEFAULT_STRIDE = 1;

  /** The padding where nothing is said: none. */
  public static final int DEFAULT_PADDING = 0;

  /** How much the output has more where nothing is said: nothing. */
  public static final int DEFAULT_OUTPUT_PADDING = 0;

  /** The dilation where nothing is said: places of a window lie side by side. */
  public static final int DEFAULT_DILATION = 1;

  /** The groups where nothing is said: one. */
  public static final int DEFAULT_GROUPS = 1;

  /** Whether weights are computed of directions and sizes where nothing is said. */
  public static final boolean DEFAULT_WEIGHT_NORM = false;

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  private static final Setting<ConvTranspose1d, Integer> FILTERS =
      Setting.<ConvTranspose1d>integer("filters", ConvTranspose1d::filters).atLeast(1).bare();
  private static final Setting<ConvTranspose1d, Integer> KERNEL =
      Setting.<ConvTranspose1d>integer("kernel", ConvTranspose1d::kernel)
          .atLeast(1)
          .orElse(DEFAULT_KERNEL);
  private static final Setting<ConvTranspose1d, Integer> STRIDE =
      Setting.<ConvTranspose1d>integer("stride", ConvTranspose1d::stride)
          .atLeast(1)
          .orElse(DEFAULT_STRIDE)
          .quiet();
  private static final Setting<ConvTranspose1d, Integer> PADDING =
      Setting.<ConvTranspose1d>integer("padding", ConvTranspose1d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<ConvTranspose1d, Integer> OUTPUT_PADDING =
      Setting.<ConvTranspose1d>integer("outputPadding", ConvTranspose1d::outputPadding)
          .atLeast(0)
          .orElse(DEFAULT_OUTPUT_PADDING)
          .quiet();
  private static final Setting<ConvTranspose1d, Integer> DILATION =
      Setting.<ConvTranspose1d>integer("dilation", ConvTranspose1d::dilation)
          .atLeast(1)
          .orElse(DEFAULT_DILATION)
          .quiet();
  private static final Setting<ConvTranspose1d, Integer> GROUPS =
      Setting.<ConvTranspose1d>integer("groups", ConvTranspose1d::groups)
          .atLeast(1)
          .orElse(DEFAULT_GROUPS)
          .quiet();
  private static final Setting<ConvTranspose1d, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, ConvTranspose1d::bias);
  private static final Setting<ConvTranspose1d, Boolean> WEIGHT_NORM =
      Setting.truth("weightNorm", DEFAULT_WEIGHT_NORM, ConvTranspose1d::weightNorm);

  /** What this kind of layer says of itself. */
  public static final Type<ConvTranspose1d> TYPE =
      Type.of(
              "convTranspose1d",
              ConvTranspose1d.class,
              v ->
                  new ConvTranspose1d(
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
                      Sample.of(new ConvTranspose1d(2).stride(2).padding(1), 3, 4),
                      Sample.of(
                          new ConvTranspose1d(4).kernel(4).stride(3).outputPadding(2).groups(2),
                          2,
                          3),
                      Sample.of(new ConvTranspose1d(1).kernel(2).dilation(2).bias(false), 2, 3),
                      Sample.of(new ConvTranspose1d(2).kernel(2).weightNorm(true), 3, 2)));

  /**
   * @throws IllegalArgumentException if a number is too small, or groups do not divide the filters
   */
  public ConvTranspose1d {
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
  public ConvTranspose1d(int filters) {
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

  /** Returns the same layer with filters of another length. */
  public ConvTranspose1d kernel(int length) {
    return TYPE.with(this, KERNEL, length);
  }

  /** Returns the same layer with another stride. */
  public ConvTranspose1d stride(int step) {
    return TYPE.with(this, STRIDE, step);
  }

  /** Returns the same layer with another padding. */
  public ConvTranspose1d padding(int cut) {
    return TYPE.with(this, PADDING, cut);
  }

  /** Returns the same layer with more output at its end. */
  public ConvTranspose1d outputPadding(int more) {
    return TYPE.with(this, OUTPUT_PADDING, more);
  }

  /** Returns the same layer with other distances of a window's places. */
  public ConvTranspose1d dilation(int step) {
    return TYPE.with(this, DILATION, step);
  }

  /** Returns the same layer in groups. */
  public ConvTranspose1d groups(int number) {
    return TYPE.with(this, GROUPS, number);
  }

  /** Returns the same layer with or without a bias. */
  public ConvTranspose1d bias(boolean present) {
    return TYPE.with(this, BIAS, present);
  }

  /**
   * Returns the same layer whose weights are computed of directions v and sizes g, {@code W = v *
   * (g / norm)} with {@code norm = sqrt(sum(v * v))} over all weights of a channel, or are not.
   */
  public ConvTranspose1d weightNorm(boolean computed) {
    return TYPE.with(this, WEIGHT_NORM, computed);
  }

  @Override
  public Type<ConvTranspose1d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "convTranspose";
  }

  @Override
  public Shape outputShape(Shape input) {
    Windows windows = windows(input);
    return Shape.of(filters, windows.width());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Convolutions.parameters(weights(input), weightNorm, filters, bias);
  }

  private ParameterSpec weights(Shape input) {
    return ParameterSpec.weight(
        LinearPass.WEIGHTS,
        Shape.of(input.axis(0), filters / groups, kernel),
        AxisRole.IN,
        AxisRole.OUT,
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
        new TransposedConvolutions(
            new Extent2d(1, kernel),
            new Extent2d(1, stride),
            new Extent2d(0, padding),
            new Extent2d(0, outputPadding),
            new Extent2d(1, dilation));
    Windows windows = convolution.windows(Convolutions.image(input), filters);
    Convolutions.channelsOfGroup(input, groups);
    return windows;
  }
}
