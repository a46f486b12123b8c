package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.pass.PoolLayout;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The largest value of each window of each channel of sequences.
 *
 * <p>Shapes: x (n, C, L), result (n, C, OL) with {@code OL = (L + 2 * padding - window) / stride +
 * 1}, rounded down, where {@code window = (size - 1) * dilation + 1}; {@link #exact} refuses a
 * rest. With {@link #ceil} it is rounded up, but for a window that would start in the padding
 * behind. With {@link #same} it is {@code L / stride}, rounded up, and the padding is what that
 * takes, the smaller half of it before.
 *
 * <p>Padding is less than any number. Of equal values the first is taken and gets the gradient, as
 * by numpy's {@code argmax}; NaN is larger than any number.
 *
 * <p>Computed as {@link MaxPool2d} on images of one row. Source: PyTorch {@code MaxPool1d}; Keras
 * {@code MaxPooling1D}, which keeps sequences as (n, L, C).
 *
 * @param size the length of a window
 * @param stride from a window to the next
 * @param padding elements on each side
 * @param dilation from an element of a window to the next
 * @param ceil whether a rest gets a window of its own
 * @param same whether padding gives an output for each stride that begins
 * @param exact whether windows must cover the padded input without rest
 */
public record MaxPool1d(
    int size, int stride, int padding, int dilation, boolean ceil, boolean same, boolean exact)
    implements UnaryLayer {

  /** The padding where nothing is said: none. */
  public static final int DEFAULT_PADDING = 0;

  /** The dilation where nothing is said: elements side by side. */
  public static final int DEFAULT_DILATION = 1;

  /** Whether a rest gets a window of its own where nothing is said. */
  public static final boolean DEFAULT_CEIL = false;

  /** Whether padding gives an output for each stride where nothing is said. */
  public static final boolean DEFAULT_SAME = false;

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<MaxPool1d, Integer> SIZE =
      Setting.<MaxPool1d>integer("size", MaxPool1d::size).atLeast(1).bare();
  private static final Setting<MaxPool1d, Integer> STRIDE =
      Setting.<MaxPool1d>integer("stride", MaxPool1d::stride).atLeast(1).orElseAs(SIZE).quiet();
  private static final Setting<MaxPool1d, Integer> PADDING =
      Setting.<MaxPool1d>integer("padding", MaxPool1d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<MaxPool1d, Integer> DILATION =
      Setting.<MaxPool1d>integer("dilation", MaxPool1d::dilation)
          .atLeast(1)
          .orElse(DEFAULT_DILATION)
          .quiet();
  private static final Setting<MaxPool1d, Boolean> CEIL =
      Setting.truth("ceil", DEFAULT_CEIL, MaxPool1d::ceil);
  private static final Setting<MaxPool1d, Boolean> SAME =
      Setting.truth("same", DEFAULT_SAME, MaxPool1d::same);
  private static final Setting<MaxPool1d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, MaxPool1d::exact);

  /** What this kind of layer says of itself. */
  public static final Type<MaxPool1d> TYPE =
      Type.of(
              "maxPool1d",
              MaxPool1d.class,
              v ->
                  new MaxPool1d(
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
                      Sample.of(new MaxPool1d(2), 2, 6),
                      Sample.of(new MaxPool1d(3).stride(2).padding(1).dilation(2).ceil(true), 2, 8),
                      Sample.of(new MaxPool1d(4).stride(2).same(true), 1, 7),
                      Sample.of(new MaxPool1d(3).exact(true), 1, 6)));

  /**
   * @throws IllegalArgumentException if a number is too small, or {@code same} is said beside
   *     padding, {@code ceil} or {@code exact}
   */
  public MaxPool1d {
    SIZE.check(size);
    STRIDE.check(stride);
    PADDING.check(padding);
    DILATION.check(dilation);
    PoolLayout.check(same, ceil || exact || padding > DEFAULT_PADDING);
  }

  /** A layer of windows side by side. */
  public MaxPool1d(int size) {
    this(size, size, DEFAULT_PADDING, DEFAULT_DILATION, DEFAULT_CEIL, DEFAULT_SAME, DEFAULT_EXACT);
  }

  /** Returns the same layer with another stride. */
  public MaxPool1d stride(int step) {
    return TYPE.with(this, STRIDE, step);
  }

  /** Returns the same layer with another padding. */
  public MaxPool1d padding(int each) {
    return TYPE.with(this, PADDING, each);
  }

  /** Returns the same layer with another dilation. */
  public MaxPool1d dilation(int step) {
    return TYPE.with(this, DILATION, step);
  }

  /** Returns the same layer with or without a window of its own for a rest. */
  public MaxPool1d ceil(boolean present) {
    return TYPE.with(this, CEIL, present);
  }

  /** Returns the same layer with or without padding that gives an output for each stride. */
  public MaxPool1d same(boolean present) {
    return TYPE.with(this, SAME, present);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public MaxPool1d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  @Override
  public Type<MaxPool1d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "pool";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape images = layout().outputShape(PoolLayout.imagesOf(input));
    return Shape.of(images.axis(0), images.axis(2));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MaxPoolPass(
        this, context, layout().pool(context, PoolLayout.imagesOf(context.input()), false));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private PoolLayout layout() {
    return PoolLayout.ofSequences(size, stride, padding, dilation, ceil, same, exact);
  }
}
