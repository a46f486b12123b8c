package org.allclose.layer.combine;

import java.util.List;
import java.util.stream.IntStream;
import org.allclose.internal.ops.Places;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * A part of an axis: {@code x[..., start:end:step, ...]}.
 *
 * <p>Shapes: x (n, ...), result as x but for the axis. Gradient: dout at the places that were
 * taken, 0 elsewhere.
 *
 * <p>Source: numpy's slices, with a positive step; the reference's {@code movement.forward}.
 *
 * @param axis an axis of a sample, without the batch
 * @param start the first index; a negative one counts from the end
 * @param end the index to stop before; a negative one counts from the end, one behind the end is
 *     the end
 * @param step how far it is from an index to the next
 */
public record Slice(int axis, int start, int end, int step) implements UnaryLayer {

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Slice, Integer> AXIS =
      Setting.<Slice>integer("axis", Slice::axis).atLeast(0).orElse(DEFAULT_AXIS);

  /** The first index where nothing is said. */
  public static final int DEFAULT_START = 0;

  /** The index to stop before where nothing is said: the end. */
  public static final int DEFAULT_END = Integer.MAX_VALUE;

  /** The step where nothing is said. */
  public static final int DEFAULT_STEP = 1;

  private static final Setting<Slice, Integer> START =
      Setting.<Slice>integer("start", Slice::start).orElse(DEFAULT_START);
  private static final Setting<Slice, Integer> END =
      Setting.<Slice>integer("end", Slice::end).orElse(DEFAULT_END).quiet();
  private static final Setting<Slice, Integer> STEP =
      Setting.<Slice>integer("step", Slice::step).atLeast(1).orElse(DEFAULT_STEP).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Slice> TYPE =
      Type.of(
              "slice",
              Slice.class,
              v -> new Slice(v.get(AXIS), v.get(START), v.get(END), v.get(STEP)),
              AXIS,
              START,
              END,
              STEP)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Slice(1, 4), 5),
                      Sample.of(new Slice(-3, -1).axis(1), 2, 4, 2),
                      Sample.of(new Slice(1, DEFAULT_END).axis(1).step(2), 2, 6)));

  /**
   * @throws IllegalArgumentException if the axis is negative or the step not positive
   */
  public Slice {
    AXIS.check(axis);
    STEP.check(step);
  }

  /** A layer that takes the indices from start, and before end, of the first axis. */
  public Slice(int start, int end) {
    this(DEFAULT_AXIS, start, end, DEFAULT_STEP);
  }

  /** Returns the same layer along another axis. */
  public Slice axis(int other) {
    return TYPE.with(this, AXIS, other);
  }

  /** Returns the same layer with another step. */
  public Slice step(int other) {
    return TYPE.with(this, STEP, other);
  }

  @Override
  public Type<Slice> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int length = Axes.length(input, axis);
    long count = (Math.max(0L, stop(length) - first(length)) + step - 1) / step;
    if (count == 0) {
      throw new ShapeMismatchException(
          "expected a part of axis " + axis + " but got nothing of " + input);
    }
    return Axes.with(input, axis, count);
  }

  /** Returns the first index, which numpy keeps within the axis. */
  private long first(int length) {
    return within(start, length);
  }

  private long stop(int length) {
    return within(end, length);
  }

  private static long within(int index, int length) {
    return Math.min(Math.max(index < 0 ? (long) index + length : index, 0), length);
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    Shape output = outputShape(input);
    int first = (int) first(input.axis(axis));
    int[] indices = IntStream.range(0, output.axis(axis)).map(i -> first + i * step).toArray();
    return new MovingPass(context, output, Places.of(input).along(axis, indices));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
