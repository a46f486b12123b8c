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
 * Copies of the whole input one after another along an axis: {@code np.concatenate([x] * times)}.
 *
 * <p>Shapes: x (n, ...), result as x with the axis so many times as long. Gradient: the sum over
 * the copies of dout, from 0, in their order.
 *
 * <p>Source: numpy {@code tile} along one axis; the reference's {@code movement.forward}.
 *
 * @param axis an axis of a sample, without the batch
 * @param times the number of copies
 */
public record Repeat(int axis, int times) implements UnaryLayer {

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Repeat, Integer> AXIS =
      Setting.<Repeat>integer("axis", Repeat::axis).atLeast(0).orElse(DEFAULT_AXIS);

  private static final Setting<Repeat, Integer> TIMES =
      Setting.<Repeat>integer("times", Repeat::times).atLeast(1);

  /** What this kind of layer says of itself. */
  public static final Type<Repeat> TYPE =
      Type.of("repeat", Repeat.class, v -> new Repeat(v.get(AXIS), v.get(TIMES)), AXIS, TIMES)
          .withSamples(
              () ->
                  List.of(Sample.of(new Repeat(3), 2, 2), Sample.of(new Repeat(2).axis(1), 2, 3)));

  /**
   * @throws IllegalArgumentException if the axis is negative, or there is not at least one copy
   */
  public Repeat {
    AXIS.check(axis);
    TIMES.check(times);
  }

  /** A layer that copies along the first axis. */
  public Repeat(int times) {
    this(DEFAULT_AXIS, times);
  }

  /** Returns the same layer along another axis. */
  public Repeat axis(int other) {
    return TYPE.with(this, AXIS, other);
  }

  @Override
  public Type<Repeat> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return Axes.with(input, axis, (long) times * Axes.length(input, axis));
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape output = outputShape(context.input());
    int length = context.input().axis(axis);
    int[] indices = IntStream.range(0, output.axis(axis)).map(i -> i % length).toArray();
    return new MovingPass(context, output, Places.of(context.input()).along(axis, indices));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
