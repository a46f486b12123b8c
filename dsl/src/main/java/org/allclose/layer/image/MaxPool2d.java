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
 * The largest value of each window of each channel.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, OH, OW) with {@code OH = (H + 2 * padding - window) /
 * stride + 1}, rounded down, where {@code window = (size - 1) * dilation + 1}; {@link #exact}
 * refuses a rest. With {@link #ceil} it is rounded up, but for a window that would start in the
 * padding behind. With {@link #same} it is {@code H / stride}, rounded up, and the padding is what
 * that takes, the smaller half of it before.
 *
 * <p>Padding is less than any number. Of equal values the first in row-major order is taken and
 * gets the gradient, as by numpy's {@code argmax}; NaN is larger than any number.
 *
 * <p>Source: the reference's {@code max_forward}; cs231n {@code max_pool_forward_naive}; PyTorch
 * {@code MaxPool2d}; Keras {@code MaxPooling2D}.
 *
 * @param size rows and columns of a window
 * @param stride rows and columns from a window to the next
 * @param padding rows and columns on each side
 * @param dilation rows and columns from an element of a window to the next
 * @param ceil whether a rest gets a window of its own
 * @param same whether padding gives an output for each stride that begins
 * @param exact whether windows must cover the padded input without rest
 */
public record MaxPool2d(
    Extent2d size,
    Extent2d stride,
    Extent2d padding,
    Extent2d dilation,
    boolean ceil,
    boolean same,
    boolean exact)
    implements UnaryLayer {

  /** The padding where nothing is said: none. */
  public static final Extent2d DEFAULT_PADDING = Extent2d.of(0);

  /** The dilation where nothing is said: elements side by side. */
  public static final Extent2d DEFAULT_DILATION = Extent2d.of(1);

  /** Whether a rest gets a window of its own where nothing is said. */
  public static final boolean DEFAULT_CEIL = false;

  /** Whether padding gives an output for each stride where nothing is said. */
  public static final boolean DEFAULT_SAME = false;

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<MaxPool2d, Extent2d> SIZE =
      Setting.<MaxPool2d>extent("size", MaxPool2d::size).atLeast(1).bare();
  private static final Setting<MaxPool2d, Extent2d> STRIDE =
      Setting.<MaxPool2d>extent("stride", MaxPool2d::stride).atLeast(1).orElseAs(SIZE).quiet();
  private static final Setting<MaxPool2d, Extent2d> PADDING =
      Setting.<MaxPool2d>extent("padding", MaxPool2d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<MaxPool2d, Extent2d> DILATION =
      Setting.<MaxPool2d>extent("dilation", MaxPool2d::dilation)
          .atLeast(1)
          .orElse(DEFAULT_DILATION)
          .quiet();
  private static final Setting<MaxPool2d, Boolean> CEIL =
      Setting.truth("ceil", DEFAULT_CEIL, MaxPool2d::ceil);
  private static final Setting<MaxPool2d, Boolean> SAME =
      Setting.truth("same", DEFAULT_SAME, MaxPool2d::same);
  private static final Setting<MaxPool2d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, MaxPool2d::exact);

  /** What this kind of layer says of itself. */
  public static final Type<MaxPool2d> TYPE =
      Type.of(
              "maxPool2d",
              MaxPool2d.class,
              v ->
                  new MaxPool2d(
                      v.get(SIZE),
                      v.get(STRIDE),
                      v.get(PADDING),
                      v.get(DILATION),
                      v.get(CEIL),
                      v.get(SAME),
                      v.get(EXACT)),
              SIZE,
              STRIDE,
              PADDING,
              DILATION,
              CEIL,
              SAME,
              EXACT)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new MaxPool2d(2), 2, 4, 6),
                      Sample.of(new MaxPool2d(3).stride(2, 1), 2, 6, 5),
                      Sample.of(new MaxPool2d(2).exact(true), 1, 4, 4),
                      Sample.of(
                          new MaxPool2d(2).stride(3).padding(1).dilation(2).ceil(true), 2, 5, 6),
                      Sample.of(new MaxPool2d(3).stride(2).same(true), 1, 4, 5)));

  /**
   * @throws IllegalArgumentException if a number is too small, or {@code same} is said beside
   *     padding, {@code ceil} or {@code exact}
   */
  public MaxPool2d {
    SIZE.check(size);
    STRIDE.check(stride);
    PADDING.check(padding);
    DILATION.check(dilation);
    PoolLayout.check(same, ceil || exact || !padding.equals(DEFAULT_PADDING));
  }

  /** A layer of square windows side by side. */
  public MaxPool2d(int size) {
    this(Extent2d.of(size));
  }

  /** A layer of windows side by side. */
  public MaxPool2d(Extent2d size) {
    this(size, size, DEFAULT_PADDING, DEFAULT_DILATION, DEFAULT_CEIL, DEFAULT_SAME, DEFAULT_EXACT);
  }

  /** Returns the same layer with another stride in both directions. */
  public MaxPool2d stride(int both) {
    return stride(both, both);
  }

  /** Returns the same layer with another stride. */
  public MaxPool2d stride(int height, int width) {
    return TYPE.with(this, STRIDE, new Extent2d(height, width));
  }

  /** Returns the same layer with another padding in both directions. */
  public MaxPool2d padding(int both) {
    return padding(both, both);
  }

  /** Returns the same layer with another padding. */
  public MaxPool2d padding(int height, int width) {
    return TYPE.with(this, PADDING, new Extent2d(height, width));
  }

  /** Returns the same layer with another dilation in both directions. */
  public MaxPool2d dilation(int both) {
    return dilation(both, both);
  }

  /** Returns the same layer with another dilation. */
  public MaxPool2d dilation(int height, int width) {
    return TYPE.with(this, DILATION, new Extent2d(height, width));
  }

  /** Returns the same layer with or without a window of its own for a rest. */
  public MaxPool2d ceil(boolean present) {
    return TYPE.with(this, CEIL, present);
  }

  /** Returns the same layer with or without padding that gives an output for each stride. */
  public MaxPool2d same(boolean present) {
    return TYPE.with(this, SAME, present);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public MaxPool2d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  @Override
  public Type<MaxPool2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "pool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return layout().outputShape(input);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MaxPoolPass(this, context, layout().pool(context, context.input(), false));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private PoolLayout layout() {
    return new PoolLayout(size, stride, padding, dilation, ceil, same, exact);
  }
}
