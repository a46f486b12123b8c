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
 * The smallest element along axes of a sample: the first of them, {@code np.argmin}.
 *
 * <p>Shapes: x (n, ...), result (n, ...) without the axes, or with axes of length 1 in their place.
 * Gradient: dout for the first of the smallest elements, or an equal share of it for each of them.
 *
 * <p>Source: the reference's {@code min_forward}; the gradient of the first is that of PyTorch's
 * {@code min(dim)}, the shared one that of its {@code amin} and of TensorFlow's {@code reduce_min}.
 *
 * @param axes axes of a sample, without the batch; negative ones are counted from the end
 * @param keep whether the axes stay, of length 1
 * @param ties what has the gradient where several are the smallest
 */
public record Min(List<Integer> axes, boolean keep, Ties ties) implements UnaryLayer {

  private static final Setting<Min, List<Integer>> AXES =
      Setting.<Min>integers("axes", Min::axes).where("at least one axis", axes -> !axes.isEmpty());

  private static final Setting<Min, Boolean> KEEP = Setting.truth("keep", false, Min::keep);

  private static final Setting<Min, Ties> TIES =
      Setting.<Min, Ties>choice("ties", Ties.class, Min::ties).orElse(Ties.FIRST).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Min> TYPE =
      Type.of(
              "min",
              Min.class,
              v -> new Min(v.get(AXES), v.get(KEEP), v.get(TIES)),
              AXES,
              KEEP,
              TIES)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Min(0), 5),
                      Sample.of(new Min(-1, 0).keep(true).ties(Ties.SHARED), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if there is no axis
   */
  public Min {
    axes = List.copyOf(AXES.check(axes));
  }

  /** A layer over axes, which do not stay. */
  public Min(List<Integer> axes) {
    this(axes, false, Ties.FIRST);
  }

  /** A layer over axes, which do not stay. */
  public Min(int... axes) {
    this(IntStream.of(axes).boxed().toList());
  }

  /** Returns the same layer whose axes stay or not. */
  public Min keep(boolean stay) {
    return TYPE.with(this, KEEP, stay);
  }

  /** Returns the same layer whose gradient goes to the first of equal elements or to all. */
  public Min ties(Ties which) {
    return TYPE.with(this, TIES, which);
  }

  @Override
  public Type<Min> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return SampleAxes.without(SampleAxes.resolve(axes, input), input, keep);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ExtremesPass(
        context,
        SampleAxes.resolve(axes, context.input()),
        outputShape(context.input()),
        false,
        ties);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
