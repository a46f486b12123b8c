package org.allclose.layer.combine;

import java.util.List;
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
 * One index of an axis, which is then gone: {@code x[..., index, ...]}.
 *
 * <p>Shapes: x (n, ...), result as x without the axis. Gradient: dout at the index, 0 elsewhere.
 *
 * <p>Source: numpy's indices; the reference's {@code movement.forward}.
 *
 * @param axis an axis of a sample, without the batch
 * @param index the index; a negative one counts from the end
 */
public record Select(int axis, int index) implements UnaryLayer {

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Select, Integer> AXIS =
      Setting.<Select>integer("axis", Select::axis).atLeast(0).orElse(DEFAULT_AXIS);

  private static final Setting<Select, Integer> INDEX =
      Setting.<Select>integer("index", Select::index);

  /** What this kind of layer says of itself. */
  public static final Type<Select> TYPE =
      Type.of("select", Select.class, v -> new Select(v.get(AXIS), v.get(INDEX)), AXIS, INDEX)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Select(1), 3, 2), Sample.of(new Select(-1).axis(1), 2, 4, 2)));

  /**
   * @throws IllegalArgumentException if the axis is negative
   */
  public Select {
    AXIS.check(axis);
  }

  /** A layer that takes an index of the first axis. */
  public Select(int index) {
    this(DEFAULT_AXIS, index);
  }

  /** Returns the same layer along another axis. */
  public Select axis(int other) {
    return TYPE.with(this, AXIS, other);
  }

  @Override
  public Type<Select> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int length = Axes.length(input, axis);
    if (index < -length || index >= length) {
      throw new ShapeMismatchException(
          "expected an axis " + axis + " with an index " + index + " but got " + input);
    }
    if (input.rank() == 1) {
      throw new ShapeMismatchException("expected input of two axes or more but got " + input);
    }
    return Axes.without(input, axis);
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    int from = index < 0 ? index + input.axis(axis) : index;
    return new MovingPass(context, outputShape(input), Places.of(input).along(axis, from));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
