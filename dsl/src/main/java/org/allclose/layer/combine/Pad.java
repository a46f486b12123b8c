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
 * Makes an axis longer at both ends: {@code np.pad}.
 *
 * <p>Shapes: x (n, ...), result as x with the axis longer. Gradient: the sum over an element and
 * its copies, from 0, in the order of dout.
 *
 * <p>Source: numpy {@code pad}; PyTorch {@code torch.nn.functional.pad}; the reference's {@code
 * movement.forward}.
 *
 * @param axis an axis of a sample, without the batch
 * @param before how many elements come before
 * @param after how many elements come after
 * @param mode what they are
 * @param value the constant, where they are one
 */
public record Pad(int axis, int before, int after, Mode mode, double value) implements UnaryLayer {

  /** What is added to an axis. */
  public enum Mode {
    /** A constant. */
    CONSTANT,
    /** The elements next to the end, mirrored at it: {@code c b | a b c}. */
    REFLECT,
    /** The element at the end, again and again: {@code a a | a b c}. */
    REPLICATE,
    /** The elements at the other end: {@code b c | a b c}. */
    CIRCULAR
  }

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Pad, Integer> AXIS =
      Setting.<Pad>integer("axis", Pad::axis).atLeast(0).orElse(DEFAULT_AXIS);

  /** How many elements come after where nothing is said. */
  public static final int DEFAULT_AFTER = 0;

  /** What is added where nothing is said. */
  public static final Mode DEFAULT_MODE = Mode.CONSTANT;

  /** The constant where nothing is said. */
  public static final double DEFAULT_VALUE = 0.0;

  private static final Setting<Pad, Integer> BEFORE =
      Setting.<Pad>integer("before", Pad::before).atLeast(0);
  private static final Setting<Pad, Integer> AFTER =
      Setting.<Pad>integer("after", Pad::after).atLeast(0).orElse(DEFAULT_AFTER);
  private static final Setting<Pad, Mode> MODE =
      Setting.<Pad, Mode>choice("mode", Mode.class, Pad::mode).orElse(DEFAULT_MODE).quiet();
  private static final Setting<Pad, Double> VALUE =
      Setting.<Pad>number("value", Pad::value).finite().orElse(DEFAULT_VALUE).quiet();

  /** What this kind of layer says of itself. */
  public static final Type<Pad> TYPE =
      Type.of(
              "pad",
              Pad.class,
              v -> new Pad(v.get(AXIS), v.get(BEFORE), v.get(AFTER), v.get(MODE), v.get(VALUE)),
              AXIS,
              BEFORE,
              AFTER,
              MODE,
              VALUE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Pad(1, 2).value(1.5), 3),
                      Sample.of(new Pad(2, 1).axis(1).mode(Mode.REFLECT), 2, 3),
                      Sample.of(new Pad(2, 3).mode(Mode.REPLICATE), 2, 2),
                      Sample.of(new Pad(2, 1).axis(1).mode(Mode.CIRCULAR), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if the axis or a length is negative, or the constant not
   *     finite
   */
  public Pad {
    AXIS.check(axis);
    BEFORE.check(before);
    AFTER.check(after);
    MODE.check(mode);
    VALUE.check(value);
  }

  /** A layer that adds zeros to the first axis. */
  public Pad(int before, int after) {
    this(DEFAULT_AXIS, before, after, DEFAULT_MODE, DEFAULT_VALUE);
  }

  /** Returns the same layer along another axis. */
  public Pad axis(int other) {
    return TYPE.with(this, AXIS, other);
  }

  /** Returns the same layer that adds other elements. */
  public Pad mode(Mode other) {
    return TYPE.with(this, MODE, other);
  }

  /** Returns the same layer with another constant. */
  public Pad value(double constant) {
    return TYPE.with(this, VALUE, constant);
  }

  @Override
  public Type<Pad> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int length = Axes.length(input, axis);
    int most =
        switch (mode) {
          case CONSTANT, REPLICATE -> Integer.MAX_VALUE;
          case REFLECT -> length - 1;
          case CIRCULAR -> length;
        };
    if (Math.max(before, after) > most) {
      throw new ShapeMismatchException(
          "expected to pad axis "
              + axis
              + " of "
              + input
              + " by at most "
              + most
              + " but got "
              + Math.max(before, after));
    }
    return Axes.with(input, axis, (long) before + length + after);
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape output = outputShape(context.input());
    int length = context.input().axis(axis);
    int[] indices =
        IntStream.range(0, output.axis(axis)).map(i -> index(i - before, length)).toArray();
    Places places = Places.of(context.input()).along(axis, indices);
    return new MovingPass(context, output, places, value);
  }

  /** Returns the index that an index before, in or behind the axis stands for. */
  private int index(int i, int length) {
    if (i >= 0 && i < length) {
      return i;
    }
    return switch (mode) {
      case CONSTANT -> Places.NOWHERE;
      case REFLECT -> i < 0 ? -i : 2 * (length - 1) - i;
      case REPLICATE -> i < 0 ? 0 : length - 1;
      case CIRCULAR -> i < 0 ? i + length : i - length;
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
