package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.pass.GlobalWindows;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The largest value of each of as many windows as are wanted, which part each channel as evenly as
 * may be.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, size). Window k has the rows, and likewise columns from
 * {@code floor(k * H / size)} to {@code ceil((k + 1) * H / size)}, exclusive: windows may overlap.
 * As of {@link MaxPool2d}, the first of equal values is taken and gets the gradient.
 *
 * <p>Source: the reference's {@code adaptive} and {@code max_forward}; PyTorch {@code
 * AdaptiveMaxPool2d}.
 *
 * @param size rows and columns of the result
 */
public record AdaptiveMaxPool2d(Extent2d size) implements UnaryLayer {

  private static final Setting<AdaptiveMaxPool2d, Extent2d> SIZE =
      Setting.<AdaptiveMaxPool2d>extent("size", AdaptiveMaxPool2d::size).atLeast(1).bare();

  /** What this kind of layer says of itself. */
  public static final Type<AdaptiveMaxPool2d> TYPE =
      Type.of(
              "adaptiveMaxPool2d",
              AdaptiveMaxPool2d.class,
              v -> new AdaptiveMaxPool2d(v.get(SIZE)),
              SIZE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new AdaptiveMaxPool2d(2), 2, 5, 4),
                      Sample.of(new AdaptiveMaxPool2d(new Extent2d(1, 3)), 1, 2, 5)));

  /**
   * @throws IllegalArgumentException if a number is not at least 1
   */
  public AdaptiveMaxPool2d {
    SIZE.check(size);
  }

  /** A layer of as many rows as columns. */
  public AdaptiveMaxPool2d(int both) {
    this(Extent2d.of(both));
  }

  @Override
  public Type<AdaptiveMaxPool2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "pool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return GlobalWindows.resized(input, size);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MaxPoolPass(this, context, GlobalWindows.parts(context, context.input(), size));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
