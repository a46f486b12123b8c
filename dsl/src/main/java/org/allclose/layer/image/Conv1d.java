package org.allclose.layer.image;

import java.util.List;
import java.util.Optional;
import org.allclose.internal.kernel.image.Windows;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ImageWindows;
import org.allclose.internal.pass.LinearPass;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Convolution of sequences, as cross-correlation: {@code y[n, f, t] = sum over (c, i) of W[f, c, i]
 * * x[n, c, t * stride - padding + i] + b[f]}.
 *
 * <p>Shapes: x (n, C, L), W (F, C, K), b (F), result (n, F, OL) with {@code OL = (L + 2 * padding -
 * K) / stride + 1}, rounded down.
 *
 * <p>Computed as {@link Conv2d} on images of one row. Source: the reference's {@code
 * conv1d_forward}; PyTorch {@code Conv1d}; Keras {@code Conv1D}, which keeps sequences as (n, L,
 * C).
 *
 * @param filters the number of output channels
 * @param kernel the length of a filter
 * @param stride from a window to the next
 * @param padding zeros on each side
 * @param bias whether b is added
 */
public record Conv1d(int filters, int kernel, int stride, int padding, boolean bias)
    implements UnaryLayer {

  /** The length of a filter where nothing is said. */
  public static final int DEFAULT_KERNEL = 3;

  /** The stride where nothing is said. */
  public static final int DEFAULT_STRIDE = 1;

  /** The padding where nothing is said: none. */
  public static final int DEFAULT_PADDING = 0;

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
  private static final Setting<Conv1d, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, Conv1d::bias);

  /** What this kind of layer says of itself. */
  public static final Type<Conv1d> TYPE =
      Type.of(
              "conv1d",
              Conv1d.class,
              v ->
                  new Conv1d(
                      v.get(FILTERS), v.get(KERNEL), v.get(STRIDE), v.get(PADDING), v.get(BIAS)),
              FILTERS,
              KERNEL,
              STRIDE,
              PADDING,
              BIAS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Conv1d(2), 3, 7),
                      Sample.of(new Conv1d(3).kernel(4).stride(2).padding(3).bias(false), 2, 6)));

  /**
   * @throws IllegalArgumentException if a number is too small
   */
  public Conv1d {
    FILTERS.check(filters);
    KERNEL.check(kernel);
    STRIDE.check(stride);
    PADDING.check(padding);
  }

  /** A layer with the given number of filters and the defaults. */
  public Conv1d(int filters) {
    this(filters, DEFAULT_KERNEL, DEFAULT_STRIDE, DEFAULT_PADDING, DEFAULT_BIAS);
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
  public Conv1d padding(int zeros) {
    return TYPE.with(this, PADDING, zeros);
  }

  /** Returns the same layer with or without a bias. */
  public Conv1d bias(boolean present) {
    return TYPE.with(this, BIAS, present);
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
    ParameterSpec weights =
        ParameterSpec.weight(
            LinearPass.WEIGHTS,
            Shape.of(filters, input.axis(0), kernel),
            AxisRole.OUT,
            AxisRole.IN,
            AxisRole.KERNEL);
    return bias
        ? List.of(weights, ParameterSpec.bias(LinearPass.BIAS, Shape.of(filters), AxisRole.OUT))
        : List.of(weights);
  }

  @Override
  public Pass pass(LayerContext context) {
    Ops ops = Ops.of(context.dtype(), context.threads());
    return new LinearPass(
        this,
        context,
        ops.convolution(
            windows(context.input()),
            context.batch(),
            context.parameter(LinearPass.WEIGHTS),
            LinearPass.bias(context, bias),
            false),
        Optional.empty(),
        outputShape(context.input()));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private Windows windows(Shape input) {
    if (input.rank() != 2) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, length) but got " + input);
    }
    return ImageWindows.of(
        Shape.of(input.axis(0), 1, input.axis(1)),
        new Extent2d(1, kernel),
        new Extent2d(1, stride),
        new Extent2d(0, padding),
        false);
  }
}
