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
 * The mean of each window of each channel of sequences: its values added in their order, divided by
 * their number.
 *
 * <p>Shapes: x (n, C, L), result (n, C, OL) with {@code OL = (L + 2 * padding - size) / stride +
 * 1}, rounded down; {@link #exact} refuses a rest. With {@link #ceil} it is rounded up, but for a
 * window that would start in the padding behind. With {@link #same} it is {@code L / stride},
 * rounded up, and the padding is what that takes, the smaller half of it before.
 *
 * <p>Padding is 0 and counts, as PyTorch's {@code count_include_pad}, up to the end of the padding;
 * with {@link #same}, or unless {@link #countPadding}, the mean is that of what is inside. An
 * element's gradients are added up from the last window to the first.
 *
 * <p>Computed as {@link AveragePool2d} on images of one row. Source: PyTorch {@code AvgPool1d};
 * Keras {@code AveragePooling1D}, which keeps sequences as (n, L, C).
 *
 * @param size the length of a window
 * @param stride from a window to the next
 * @param padding elements on each side
 * @param ceil whether a rest gets a window of its own
 * @param same whether padding gives an output for each stride that begins
 * @param countPadding whether the mean counts padding
 * @param exact whether windows must cover the padded input without rest
 */
public record AveragePool1d(
    int size,
    int stride,
    int padding,
    boolean ceil,
    boolean same,
    boolean countPadding,
    boolean exact)
    implements UnaryLayer {

  /** The padding where nothing is said: none. */
  public static final int DEFAULT_PADDING = 0;

  /** Whether a rest gets a window of its own where nothing is said. */
  public static final boolean DEFAULT_CEIL = false;

  /** Whether padding gives an output for each stride where nothing is said. */
  public static final boolean DEFAULT_SAME = false;

  /** Whether the mean counts padding where nothing is said. */
  public static final boolean DEFAULT_COUNT_PADDING = true;

  /** Whether windows must cover the input without rest where nothing is said. */
  public static final boolean DEFAULT_EXACT = false;

  private static final Setting<AveragePool1d, Integer> SIZE =
      Setting.<AveragePool1d>integer("size", AveragePool1d::size).atLeast(1).bare();
  private static final Setting<AveragePool1d, Integer> STRIDE =
      Setting.<AveragePool1d>integer("stride", AveragePool1d::stride)
          .atLeast(1)
          .orElseAs(SIZE)
          .quiet();
  private static final Setting<AveragePool1d, Integer> PADDING =
      Setting.<AveragePool1d>integer("padding", AveragePool1d::padding)
          .atLeast(0)
          .orElse(DEFAULT_PADDING)
          .quiet();
  private static final Setting<AveragePool1d, Boolean> CEIL =
      Setting.truth("ceil", DEFAULT_CEIL, AveragePool1d::ceil);
  private static final Setting<AveragePool1d, Boolean> SAME =
      Setting.truth("same", DEFAULT_SAME, AveragePool1d::same);
  private static final Setting<AveragePool1d, Boolean> COUNT_PADDING =
      Setting.truth("countPadding", DEFAULT_COUNT_PADDING, AveragePool1d::countPadding);
  private static final Setting<AveragePool1d, Boolean> EXACT =
      Setting.truth("exact", DEFAULT_EXACT, AveragePool1d::exact);

  /** What this kind of layer says of itself. */
  public static final Type<AveragePool1d> TYPE =
      Type.of(
              "averagePool1d",
              AveragePool1d.class,
              v ->
                  new AveragePool1d(
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
                      Sample.of(new AveragePool1d(2), 2, 6),
                      Sample.of(new AveragePool1d(3).stride(2).padding(1).ceil(true), 2, 6),
                      Sample.of(
                          new AveragePool1d(3).stride(1).padding(1).countPadding(false), 1, 4),
                      Sample.of(new AveragePool1d(4).stride(2).same(true), 1, 7),
                      Sample.of(new AveragePool1d(3).exact(true), 1, 6)));

  /**
   * @throws IllegalArgumentException if a number is too small, or {@code same} is said beside
   *     padding, {@code ceil} or {@code exact}
   */
  public AveragePool1d {
    SIZE.check(size);
    STRIDE.check(stride);
    PADDING.check(padding);
    PoolLayout.check(same, ceil || exact || padding > DEFAULT_PADDING);
  }

  /** A layer of windows side by side. */
  public AveragePool1d(int size) {
    this(
        size,
        size,
        DEFAULT_PADDING,
        DEFAULT_CEIL,
        DEFAULT_SAME,
        DEFAULT_COUNT_PADDING,
        DEFAULT_EXACT);
  }

  /** Returns the same layer with another stride. */
  public AveragePool1d stride(int step) {
    return TYPE.with(this, STRIDE, step);
  }

  /** Returns the same layer with another padding. */
  public AveragePool1d padding(int each) {
    return TYPE.with(this, PADDING, each);
  }

  /** Returns the same layer with or without a window of its own for a rest. */
  public AveragePool1d ceil(boolean present) {
    return TYPE.with(this, CEIL, present);
  }

  /** Returns the same layer with or without padding that gives an output for each stride. */
  public AveragePool1d same(boolean present) {
    return TYPE.with(this, SAME, present);
  }

  /** Returns the same layer whose means count the padding or do not. */
  public AveragePool1d countPadding(boolean counted) {
    return TYPE.with(this, COUNT_PADDING, counted);
  }

  /** Returns the same layer that refuses inputs which its windows do not cover without rest. */
  public AveragePool1d exact(boolean required) {
    return TYPE.with(this, EXACT, required);
  }

  @Override
  public Type<AveragePool1d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "averagePool";
  }

  @Override
  public Shape outputShape(Shape input) {
    Shape images = layout().outputShape(PoolLayout.imagesOf(input));
    return Shape.of(images.axis(0), images.axis(2));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AveragePoolPass(
        this, context, layout().pool(context, PoolLayout.imagesOf(context.input()), countPadding));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private PoolLayout layout() {
    return PoolLayout.ofSequences(size, stride, padding, 1, ceil, same, exact);
  }
}
