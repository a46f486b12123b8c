package org.allclose.layer.combine;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Makes one axis of some or all axes of a sample, in C order: {@code x.reshape(n, -1)}.
 *
 * <p>Shapes: x (n, d1, ..., dk), result (n, d1 * ... * dk), or with the axes before and after those
 * that become one. Both share their storage.
 *
 * @param start the first of the axes that become one, of a sample, without the batch; a negative
 *     one counts from the end
 * @param end the last of them, likewise
 */
public record Flatten(int start, int end) implements UnaryLayer {

  /** The first axis where nothing is said. */
  public static final int DEFAULT_START = 0;

  /** The last axis where nothing is said. */
  public static final int DEFAULT_END = -1;

  private static final Setting<Flatten, Integer> START =
      Setting.<Flatten>integer("start", Flatten::start).orElse(DEFAULT_START).quiet();
  private static final Setting<Flatten, Integer> END =
      Setting.<Flatten>integer("end", Flatten::end).orElse(DEFAULT_END).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Flatten> TYPE =
      Type.of("flatten", Flatten.class, v -> new Flatten(v.get(START), v.get(END)), START, END)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Flatten(), 5),
                      Sample.of(new Flatten().start(1), 2, 2, 3),
                      Sample.of(new Flatten().start(0).end(-2), 2, 2, 3)));

  /** A layer that makes one axis of all. */
  public Flatten() {
    this(DEFAULT_START, DEFAULT_END);
  }

  /** Returns the same layer from another axis on. */
  public Flatten start(int axis) {
    return TYPE.with(this, START, axis);
  }

  /** Returns the same layer to another axis, included. */
  public Flatten end(int axis) {
    return TYPE.with(this, END, axis);
  }

  @Override
  public Type<Flatten> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int rank = input.rank();
    int first = start < 0 ? start + rank : start;
    int last = end < 0 ? end + rank : end;
    if (first < 0 || last < first || last >= rank) {
      throw new ShapeMismatchException(
          "expected input with axes " + start + " to " + end + " but got " + input);
    }
    int[] axes = new int[rank - (last - first)];
    for (int axis = 0, to = 0; axis < rank; axis++) {
      boolean isJoined = axis > first && axis <= last;
      axes[to] = isJoined ? axes[to] * input.axis(axis) : input.axis(axis);
      to += axis >= first && axis < last ? 0 : 1;
    }
    return Shape.of(axes);
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new Reshape(outputShape(context.input())).pass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
