package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.pass.GlobalWindows;
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
 * The mean of each of as many windows as are wanted, which part each channel of sequences as evenly
 * as may be.
 *
 * <p>Shapes: x (n, C, L), result (n, C, size). Window k has the elements from {@code floor(k * L /
 * size)} to {@code ceil((k + 1) * L / size)}, exclusive: windows may overlap. As of {@link
 * AveragePool1d}, values added in row-major order, divided by their number; an element's gradients
 * are added up from the last window to the first.
 *
 * <p>Source: the reference's {@code adaptive} and {@code mean_forward}; PyTorch {@code
 * AdaptiveAvgPool1d}.
 *
 * @param size elements of the result
 */
public record AdaptiveAveragePool1d(int size) implements UnaryLayer {

  private static final Setting<AdaptiveAveragePool1d, Integer> SIZE =
      Setting.<AdaptiveAveragePool1d>integer("size", AdaptiveAveragePool1d::size).atLeast(1).bare();

  /** What this kind of layer says of itself. */
  public static final Type<AdaptiveAveragePool1d> TYPE =
      Type.of(
              "adaptiveAveragePool1d",
              AdaptiveAveragePool1d.class,
              v -> new AdaptiveAveragePool1d(v.get(SIZE)),
              SIZE)
          .withSamples(() -> List.of(Sample.of(new AdaptiveAveragePool1d(3), 2, 7)));

  /**
   * @throws IllegalArgumentException if a number is not at least 1
   */
  public AdaptiveAveragePool1d {
    SIZE.check(size);
  }

  @Override
  public Type<AdaptiveAveragePool1d> type() {
    return TYPE;
  }

  @Override
  public String namePrefix() {
    return "averagePool";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(PoolLayout.imagesOf(input).axis(0), size);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AveragePoolPass(
        this,
        context,
        GlobalWindows.parts(context, PoolLayout.imagesOf(context.input()), new Extent2d(1, size)));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
