package org.allclose.layer.combine;

import java.util.List;
import java.util.stream.IntStream;
import org.allclose.internal.pass.SampleAxes;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The sum over axes of a sample, {@code y = np.sum(x, axis)}.
 *
 * <p>Shapes: x (n, ...), result (n, ...) without the axes, or with axes of length 1 in their place.
 * Gradient: dout for each element.
 *
 * <p>Source: the reference's {@code sum_forward}.
 *
 * @param axes axes of a sample, without the batch; negative ones are counted from the end
 * @param keep whether the axes stay, of length 1
 */
public record Sum(List<Integer> axes, boolean keep) implements UnaryLayer {

  private static final Setting<Sum, List<Integer>> AXES =
      Setting.<Sum>integers("axes", Sum::axes).where("at least one axis", axes -> !axes.isEmpty());

  private static final Setting<Sum, Boolean> KEEP = Setting.truth("keep", false, Sum::keep);

  /** What this kind of layer says of itself. */
  public static final Type<Sum> TYPE =
      Type.of("sum", Sum.class, v -> new Sum(v.get(AXES), v.get(KEEP)), AXES, KEEP)
          .withSamples(
              () ->
                  List.of(Sample.of(new Sum(0), 5), Sample.of(new Sum(-1, 0).keep(true), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if there is no axis
   */
  public Sum {
    axes = List.copyOf(AXES.check(axes));
  }

  /** A layer over axes, which do not stay. */
  public Sum(List<Integer> axes) {
    this(axes, false);
  }

  /** A layer over axes, which do not stay. */
  public Sum(int... axes) {
    this(IntStream.of(axes).boxed().toList());
  }

  /** Returns the same layer whose axes stay or not. */
  public Sum keep(boolean stay) {
    return TYPE.with(this, KEEP, stay);
  }

  @Override
  public Type<Sum> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return SampleAxes.without(SampleAxes.resolve(axes, input), input, keep);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new SumPass(
        context, SampleAxes.resolve(axes, context.input()), outputShape(context.input()), false);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
