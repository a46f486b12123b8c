package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.pass.PoolLayout;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The mean of each window of each channel: its values added in row-major order, divided by their
 * number.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, OH, OW) with {@code OH = (H + 2 * padding - size) /
 * stride + 1}, rounded down; {@link #exact} refuses a rest. With {@link #ceil} it is rounded up,
 * but for a window that would start in the padding behind. With {@link #same} it is {@code H /
 * stride}, rounded up, and the padding is what that takes, the smaller half of it before.
 *
 * <p>Padding is 0 and counts, as PyTorch's {@code count_include_pad}, up to the end of the padding;
 * with {@link #same}, or unless {@link #countPadding}, the mean is that of what is inside. An
 * element's gradients are added up from the last window to the first.
 *
 * <p>Source: the reference's {@code mean_forward}; PyTorch {@code AvgPool2d}; Keras {@code
 * AveragePooling2D}.
 *
 * @param size rows and columns of a window
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns on each side
 * @param ceil whether a rest gets a window of its own
 * @param same whether padding gives an output for each stride that begins
 * @param countPadding whether the mean counts padding
 * @param exact whether windows must cover the padded input without rest
 */
public record AveragePool2d(
    Extent2d size,
    Extent2d stride,
    Extent2d padding,
    boolean ceil,
    boolean same,
    boolean countPadding,
    boolean exact)
    implements UnaryLayer {

  /** The padding where nothing is said: none. */
  public static final Extent2d DEFAULT_PADDING = Extent2d.of(0);

  /** Whether a rest gets a window of its own where nothing is said. */
  public static final boolean DEFAULT_CEIL = false;

  /** Whether padding gives an output for each stride where nothing is said. */
  public static final boolean DEFAULT_SAME = false;

  /** Whether the mean counts padding where nothing is said. */
  public static final boolean DEFAULT_COUNT_PADDING = true;

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<AveragePool2d, Extent2d> SIZE =
      Setting.<AveragePool2d>extent("size", AveragePool2d::size).atLeast(1).bare();
  private static final Setting<AveragePool2d, Extent2d> STRIDE =
      Setting.<AveragePool2d>extent("stride", AveragePool2d::stride)
          .atLeast(1)
          .orElseAs(SIZE)
          .quiet();
  private static final Setting<AveragePool2d, Extent2d> PADDING =
      Setting.<AveragePool2d>extent("padding", AveragePool2d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<AveragePool2d, Boolean> CEIL =
      Setting.truth("ceil", DEFAULT_CEIL, AveragePool2d::ceil);
  private static final Setting<AveragePool2d, Boolean> SAME =
      Setting.truth("same", DEFAULT_SAME, AveragePool2d::same);
  private static final Setting<AveragePool2d, Boolean> COUNT_PADDING =
      Setting.truth("countPadding", DEFAULT_COUNT_PADDING, AveragePool2d::countPadding);
  private static final Setting<AveragePool2d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, AveragePool2d::exact);

  /** What this kind of layer says of itself. */
  public static final Type<AveragePool2d> TYPE =
      Type.of(
              "averagePool2d",
              AveragePool2d.class,
              v ->
                  new AveragePool2d(
                      v.get(SIZE),
                      v.get(STRIDE),
                      v.get(PADDING),
                      v.get(CEIL),
                      v.get(SAME),
                      v.get(COUNT_PADDING),
                      v.get(EXACT)),
              SIZE,
              STRIDE,
              PADDING,
              CEIL,
              SAME,
              COUNT_PADDING,
              EXACT)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new AveragePool2d(2), 2, 4, 6),
                      Sample.of(new AveragePool2d(3).stride(2, 1), 2, 6, 5),
                      Sample.of(new AveragePool2d(2).exact(true), 1, 4, 4),
                      Sample.of(new AveragePool2d(3).stride(2).padding(1).ceil(true), 2, 4, 5),
                      Sample.of(
                          new AveragePool2d(3).stride(1).padding(1).countPadding(false), 1, 3, 4),
                      Sample.of(new AveragePool2d(3).stride(2).same(true), 1, 4, 5)));

  /**
   * @throws IllegalArgumentException if a number is too small, or {@code same} is said beside
   *     padding, {@code ceil} or {@code exact}
   */
  public AveragePool2d {
    SIZE.check(size);
    STRIDE.check(stride);
    PADDING.check(padding);
    PoolLayout.check(same, ceil || exact || !padding.equals(DEFAULT_PADDING));
  }

  /** A layer of square windows side by side. */
  public AveragePool2d(int size) {
    this(Extent2d.of(size));
  }

  /** A layer of windows side by side. */
  public AveragePool2d(Extent2d size) {
    this(
        size,
        size,
        DEFAULT_PADDING,
        DEFAULT_CEIL,
        DEFAULT_SAME,
        DEFAULT_COUNT_PADDING,
        DEFAULT_EXACT);
  }

  /** Returns the same layer with another stride in both directions. */
  public AveragePool2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public AveragePool2d stride(int height, int width) {
    return TYPE.with(this, STRIDE, new Extent2d(height, width));
  }

  /** Returns the same layer with another padding in both directions. */
  public AveragePool2d padding(int both) {
    return padding(both, both);
  }

  /** Returns the same layer with another padding. */
  public AveragePool2d padding(int height, int width) {
    return TYPE.with(this, PADDING, new Extent2d(height, width));
  }

  /** Returns the same layer with or without a window of its own for a rest. */
  public AveragePool2d ceil(boolean present) {
    return TYPE.with(this, CEIL, present);
  }

  /** Returns the same layer with or without padding that gives an output for each stride. */
  public AveragePool2d same(boolean present) {
    return TYPE.with(this, SAME, present);
  }

  /** Returns the same layer whose means count the padding or do not. */
  public AveragePool2d countPadding(boolean counted) {
    return TYPE.with(this, COUNT_PADDING, counted);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public AveragePool2d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  @Override
  public Type<AveragePool2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "averagePool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return layout().outputShape(input);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AveragePoolPass(
        this, context, layout().pool(context, context.input(), countPadding));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private PoolLayout layout() {
    return new PoolLayout(size, stride, padding, Extent2d.of(1), ceil, same, exact);
  }
}
