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
 * The mean of each of as many windows as are wanted, which part each channel as evenly as may be.
 *
 * <p>Shapes: x (n, C, H, W), result (n, C, size). Window k has the rows, and likewise columns from
 * {@code floor(k * H / size)} to {@code ceil((k + 1) * H / size)}, exclusive: windows may overlap.
 * As of {@link AveragePool2d}, values added in row-major order, divided by their number; an
 * element's gradients are added up from the last window to the first.
 *
 * <p>Source: the reference's {@code adaptive} and {@code mean_forward}; PyTorch {@code
 * AdaptiveAvgPool2d}.
 *
 * @param size rows and columns of the result
 */
public record AdaptiveAveragePool2d(Extent2d size) implements UnaryLayer {

  private static final Setting<AdaptiveAveragePool2d, Extent2d> SIZE =
      Setting.<AdaptiveAveragePool2d>extent("size", AdaptiveAveragePool2d::size).atLeast(1).bare();

  /** What this kind of layer says of itself. */
  public static final Type<AdaptiveAveragePool2d> TYPE =
      Type.of(
              "adaptiveAveragePool2d",
              AdaptiveAveragePool2d.class,
              v -> new AdaptiveAveragePool2d(v.get(SIZE)),
              SIZE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new AdaptiveAveragePool2d(2), 2, 5, 4),
                      Sample.of(new AdaptiveAveragePool2d(new Extent2d(1, 3)), 1, 2, 5)));

  /**
   * @throws IllegalArgumentException if a number is not at least 1
   */
  public AdaptiveAveragePool2d {
    SIZE.check(size);
  }

  /** A layer of as many rows as columns. */
  public AdaptiveAveragePool2d(int both) {
    this(Extent2d.of(both));
  }

  @Override
  public Type<AdaptiveAveragePool2d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "averagePool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return GlobalWindows.resized(input, size);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AveragePoolPass(this, context, GlobalWindows.parts(context, context.input(), size));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
