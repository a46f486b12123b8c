package org.allclose.layer.combine;

import java.util.List;
import org.allclose.internal.ops.Places;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * The given indices of an axis, in their order: {@code np.take(x, index, axis)}.
 *
 * <p>Shapes: x (n, ...), index (count), result as x with the axis of the given length. The
 * parameter index holds whole numbers from 0, is saved with the weights and never trained; it is
 * checked when a network is first run. Gradient: the sum over the places of an index, from 0, in
 * their order.
 *
 * <p>Source: numpy {@code take}; the reference's {@code movement.forward}.
 *
 * @param axis an axis of a sample, without the batch
 * @param count how many indices there are
 */
public record Gather(int axis, int count) implements UnaryLayer {

  /** What the parameter is called. */
  public static final String PARAMETER = "index";

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Gather, Integer> AXIS =
      Setting.<Gather>integer("axis", Gather::axis).atLeast(0).orElse(DEFAULT_AXIS);
  private static final Setting<Gather, Integer> COUNT =
      Setting.<Gather>integer("count", Gather::count).atLeast(1);

  /** What this kind of layer says of itself. */
  public static final Type<Gather> TYPE =
      Type.of("gather", Gather.class, v -> new Gather(v.get(AXIS), v.get(COUNT)), AXIS, COUNT)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Gather(3), 2, 2), Sample.of(new Gather(2).axis(1), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if the axis is negative, or there is not at least one index
   */
  public Gather {
    AXIS.check(axis);
    COUNT.check(count);
  }

  /** A layer that takes so many indices of the first axis. */
  public Gather(int count) {
    this(DEFAULT_AXIS, count);
  }

  /** Returns the same layer along another axis. */
  public Gather axis(int other) {
    return TYPE.with(this, AXIS, other);
  }

  @Override
  public Type<Gather> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    Axes.length(input, axis);
    return Axes.with(input, axis, count);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(ParameterSpec.constant(PARAMETER, Shape.of(count), AxisRole.PLACE));
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    int[] indices = indices(context.parameter(PARAMETER).unwrap(), input.axis(axis));
    Places places = Places.of(input).along(axis, indices);
    return new MovingPass(context, outputShape(input), places);
  }

  private static int[] indices(double[] values, int length) {
    int[] indices = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      indices[i] = (int) values[i];
      if (indices[i] != values[i] || indices[i] < 0 || indices[i] >= length) {
        throw new IllegalArgumentException(
            PARAMETER
                + "["
                + i
                + "]: expected a whole number from 0 to "
                + (length - 1)
                + " but got "
                + values[i]);
      }
    }
    return indices;
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
