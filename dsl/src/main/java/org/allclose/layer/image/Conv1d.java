package org.allclose.layer.image;

import java.util.List;
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
 * Convolution of sequences, as cross-correlation: {@code y[n, f, t] = sum over (c, i) of W[f, c, i]
 * * x[n, c, t * stride - padding + i * dilation] + b[f]}.
 *
 * <p>Shapes: x (n, C, L), W (F, C / groups, K), b (F), result (n, F, OL) with {@code OL = (L + 2 *
 * padding - dilation * (K - 1) - 1) / stride + 1}, rounded down, or with {@link #same} {@code
 * ceil(L / stride)}.
 *
 * <p>Computed as {@link Conv2d} on images of one row. Source: the reference's {@code
 * conv1d_forward}; PyTorch {@code Conv1d}; Keras {@code Conv1D}, which keeps sequences as (n, L,
 * C).
 *
 * @param filters the number of output channels
 * @param kernel the length of a filter
 * @param stride from a window to the next
 * @param padding zeros, or what the mode says, on each side
 * @param dilation from a place of a window to the next
 * @param groups into how many groups channels and filters are divided, each filter taking the
 *     channels of its group alone
 * @param same whether there is as much padding as makes {@code ceil(L / stride)} results
 * @param paddingMode what is around the sequences
 * @param bias whether b is added
 * @param weightNorm whether W is computed of directions v and sizes g, one for each filter
 */
public record Conv1d(
    int filters,
    int kernel,
    int stride,
    int padding,
    int dilation,
    int groups,
    boolean same,
    PaddingMode paddingMode,
    boolean bias,
    boolean weightNorm)
    implements UnaryLayer {

  /** The length of a filter where nothing is said. */
  public static final int DEFAULT_KERNEL = 3;

  /** The stride where nothing is said. */
  public static final int DEFAULT_STRIDE = 1;

  /** The padding where nothing is said: none. */
  public static final int DEFAULT_PADDING = 0;

  /** The dilation where nothing is said: places of a window lie side by side. */
  public static final int DEFAULT_DILATION = 1;

  /** The groups where nothing is said: one. */
  public static final int DEFAULT_GROUPS = 1;

  /** Whether padding follows from the input where nothing is said. */
  public static final boolean DEFAULT_SAME = false;

  /** What is around the sequences where nothing is said. */
  public static final PaddingMode DEFAULT_PADDING_MODE = PaddingMode.ZEROS;

  /** Whether weights are computed of directions and sizes where nothing is said. */
  public static final boolean DEFAULT_WEIGHT_NORM = false;

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  private static final Setting<Conv1d, Integer> FILTERS =
      Setting.<Conv1d>integer("filters", Conv1d::filters).atLeast(1).bare();
  private static final Setting<Conv1d, Integer> KERNEL =
      Setting.<Conv1d>integer("kernel", Conv1d::kernel).atLeast(1).orElse(DEFAULT_KERNEL);
  private static final Setting<Conv1d, Integer> STRIDE =
      Setting.<Conv1d>integer("stride", Conv1d::stride).atLeast(1).orElse(DEFAULT_STRIDE).quiet();
  private static final Setting<Conv1d, Integer> PADDING =
      Setting.<Conv1d>integer("padding", Conv1d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<Conv1d, Integer> DILATION =
      Setting.<Conv1d>integer("dilation", Conv1d::dilation)
          .atLeast(1)
          .orElse(DEFAULT_DILATION)
          .quiet();
  private static final Setting<Conv1d, Integer> GROUPS =
      Setting.<Conv1d>integer("groups", Conv1d::groups).atLeast(1).orElse(DEFAULT_GROUPS).quiet();
  private static final Setting<Conv1d, Boolean> SAME =
      Setting.truth("same", DEFAULT_SAME, Conv1d::same);
  private static final Setting<Conv1d, PaddingMode> PADDING_MODE =
      Setting.<Conv1d, PaddingMode>choice("paddingMode", PaddingMode.class, Conv1d::paddingMode)
          .orElse(DEFAULT_PADDING_MODE)
          .quiet();
  private static final Setting<Conv1d, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, Conv1d::bias);
  private static final Setting<Conv1d, Boolean> WEIGHT_NORM =
      Setting.truth("weightNorm", DEFAULT_WEIGHT_NORM, Conv1d::weightNorm);

  /** What this kind of layer says of itself. */
  public static final Type<Conv1d> TYPE =
      Type.of(
              "conv1d",
              Conv1d.class,
              v ->
                  new Conv1d(
                      v.get(FILTERS),
                      v.get(KERNEL),
                      v.get(STRIDE),
                      v.get(PADDING),
                      v.get(DILATION),
                      v.get(GROUPS),
                      v.get(SAME),
                      v.get(PADDING_MODE),
                      v.get(BIAS),
                      v.get(WEIGHT_NORM)),
              FILTERS,
              KERNEL,
              STRIDE,
              PADDING,
              DILATION,
              GROUPS,
              SAME,
              PADDING_MODE,
              BIAS,
              WEIGHT_NORM)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Conv1d(2), 3, 7),
                      Sample.of(new Conv1d(2).weightNorm(true), 2, 4),
                      Sample.of(new Conv1d(3).kernel(4).stride(2).padding(3).bias(false), 2, 6),
                      Sample.of(new Conv1d(4).kernel(2).dilation(2).groups(2), 4, 5),
                      Sample.of(
                          new Conv1d(2).stride(2).same(true).paddingMode(PaddingMode.CIRCULAR),
                          1,
                          4)));

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public Conv1d {
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
  public Conv1d(int filters) {
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
        DEFAULT_WEIGHT_NORM);
  }

  /** Returns the same layer with filters of another length. */
  public Conv1d kernel(int length) {
    return TYPE.with(this, KERNEL, length);
  }

  /** Returns the same layer with another stride. */
  public Conv1d stride(int step) {
    return TYPE.with(this, STRIDE, step);
  }

  /** Returns the same layer with another padding. */
  public Conv1d padding(int margin) {
    return TYPE.with(this, PADDING, margin);
  }

  /** Returns the same layer with other distances of a window's places. */
  public Conv1d dilation(int step) {
    return TYPE.with(this, DILATION, step);
  }

  /** Returns the same layer in groups; as many as there are channels make it depthwise. */
  public Conv1d groups(int number) {
    return TYPE.with(this, GROUPS, number);
  }

  /** Returns the same layer whose padding follows from the input, or does not. */
  public Conv1d same(boolean padded) {
    return TYPE.with(this, SAME, padded);
  }

  /** Returns the same layer with something else around the sequences. */
  public Conv1d paddingMode(PaddingMode mode) {
    return TYPE.with(this, PADDING_MODE, mode);
  }

  /** Returns the same layer with or without a bias. */
  public Conv1d bias(boolean present) {
    return TYPE.with(this, BIAS, present);
  }

  /**
   * Returns the same layer whose weights are computed of directions v and sizes g, {@code W = v *
   * (g / norm)} with {@code norm = sqrt(sum(v * v))} over all weights of a filter, or are not.
   */
  public Conv1d weightNorm(boolean computed) {
    return TYPE.with(this, WEIGHT_NORM, computed);
  }

  @Override
  public Type<Conv1d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "conv";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(filters, windows(input).outputWidth());
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Convolutions.parameters(weights(input), weightNorm, filters, bias);
  }

  private ParameterSpec weights(Shape input) {
    return ParameterSpec.weight(
        LinearPass.WEIGHTS,
        Shape.of(filters, Convolutions.channelsOfGroup(input, groups), kernel),
        AxisRole.OUT,
        AxisRole.IN,
        AxisRole.KERNEL);
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
    WindowSettings settings =
        new WindowSettings(
            new Extent2d(1, kernel),
            new Extent2d(1, stride),
            new Extent2d(0, padding),
            new Extent2d(1, dilation),
            same,
            false);
    return Convolutions.windows(Convolutions.image(input), settings, groups, paddingMode);
  }
}
