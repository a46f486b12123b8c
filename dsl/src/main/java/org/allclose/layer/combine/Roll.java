package org.allclose.layer.combine;

import java.util.List;
import java.util.stream.IntStream;
import org.allclose.internal.ops.Places;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Moves what is along an axis, and at its start what leaves it at the end: {@code np.roll}.
 *
 * <p>Shapes: x (n, ...), result as x. Gradient: dout moved back.
 *
 * <p>Source: numpy {@code roll}; the reference's {@code movement.forward}.
 *
 * @param axis an axis of a sample, without the batch
 * @param shift by how many indices, towards the end if positive
 */
public record Roll(int axis, int shift) implements UnaryLayer {

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Roll, Integer> AXIS =
      Setting.<Roll>integer("axis", Roll::axis).atLeast(0).orElse(DEFAULT_AXIS);

  private static final Setting<Roll, Integer> SHIFT = Setting.<Roll>integer("shift", Roll::shift);

  /** What this kind of layer says of itself. */
  public static final Type<Roll> TYPE =
      Type.of("roll", Roll.class, v -> new Roll(v.get(AXIS), v.get(SHIFT)), AXIS, SHIFT)
          .withSamples(
              () -> List.of(Sample.of(new Roll(2), 5), Sample.of(new Roll(-1).axis(1), 2, 4, 2)));

  /**
   * @throws IllegalArgumentException if the axis is negative
   */
  public Roll {
    AXIS.check(axis);
  }

  /** A layer that moves along the first axis. */
  public Roll(int shift) {
    this(DEFAULT_AXIS, shift);
  }

  /** Returns the same layer along another axis. */
  public Roll axis(int other) {
    return TYPE.with(this, AXIS, other);
  }

  @Override
  public Type<Roll> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    Axes.length(input, axis);
    return input;
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    int length = input.axis(axis);
    int[] indices =
        IntStream.range(0, length).map(i -> Math.floorMod((long) i - shift, length)).toArray();
    return new MovingPass(context, input, Places.of(input).along(axis, indices));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
