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
 * The largest element along axes of a sample: the first of them, {@code np.argmax}.
 *
 * <p>Shapes: x (n, ...), result (n, ...) without the axes, or with axes of length 1 in their place.
 * Gradient: dout for the first of the largest elements, or an equal share of it for each of them.
 *
 * <p>Source: the reference's {@code max_forward}; the gradient of the first is that of PyTorch's
 * {@code max(dim)}, the shared one that of its {@code amax} and of TensorFlow's {@code reduce_max}.
 *
 * @param axes axes of a sample, without the batch; negative ones are counted from the end
 * @param keep whether the axes stay, of length 1
 * @param ties what has the gradient where several are the largest
 */
public record Max(List<Integer> axes, boolean keep, Ties ties) implements UnaryLayer {

  private static final Setting<Max, List<Integer>> AXES =
      Setting.<Max>integers("axes", Max::axes).where("at least one axis", axes -> !axes.isEmpty());

  private static final Setting<Max, Boolean> KEEP = Setting.truth("keep", false, Max::keep);

  private static final Setting<Max, Ties> TIES =
      Setting.<Max, Ties>choice("ties", Ties.class, Max::ties).orElse(Ties.FIRST).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Max> TYPE =
      Type.of(
              "max",
              Max.class,
              v -> new Max(v.get(AXES), v.get(KEEP), v.get(TIES)),
              AXES,
              KEEP,
              TIES)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Max(0), 5),
                      Sample.of(new Max(-1, 0).keep(true).ties(Ties.SHARED), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if there is no axis
   */
  public Max {
    axes = List.copyOf(AXES.check(axes));
  }

  /** A layer over axes, which do not stay. */
  public Max(List<Integer> axes) {
    this(axes, false, Ties.FIRST);
  }

  /** A layer over axes, which do not stay. */
  public Max(int... axes) {
    this(IntStream.of(axes).boxed().toList());
  }

  /** Returns the same layer whose axes stay or not. */
  public Max keep(boolean stay) {
    return TYPE.with(this, KEEP, stay);
  }

  /** Returns the same layer whose gradient goes to the first of equal elements or to all. */
  public Max ties(Ties which) {
    return TYPE.with(this, TIES, which);
  }

  @Override
  public Type<Max> type() {
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
        true,
        ties);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
