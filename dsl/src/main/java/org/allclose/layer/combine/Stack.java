package org.allclose.layer.combine;

import java.util.Arrays;
import java.util.List;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Two or more inputs beside each other along a new axis: {@code np.stack(inputs, axis + 1)}.
 *
 * <p>Shapes: inputs (n, ...) of one shape, result with an axis more, as long as there are inputs.
 * Gradients: the parts of dout.
 *
 * <p>Source: numpy {@code stack}; the reference's {@code movement.stack_forward}.
 *
 * @param axis the new axis of a sample, without the batch: at most the number of its axes
 */
public record Stack(int axis) implements Layer {

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = Axes.DEFAULT;

  private static final Setting<Stack, Integer> AXIS =
      Setting.integer("axis", Stack::axis).atLeast(0).orElse(DEFAULT_AXIS);

  /** What this kind of layer says of itself. */
  public static final Type<Stack> TYPE =
      Type.of("stack", Stack.class, v -> new Stack(v.get(AXIS)), AXIS)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Stack(), Shape.of(3), Shape.of(3), Shape.of(3)),
                      Sample.ofInputs(new Stack(1), Shape.of(2, 3), Shape.of(2, 3)),
                      Sample.ofInputs(new Stack(2), Shape.of(2, 3), Shape.of(2, 3))));

  /**
   * @throws IllegalArgumentException if the axis is negative
   */
  public Stack {
    AXIS.check(axis);
  }

  /** A layer along a new first axis. */
  public Stack() {
    this(DEFAULT_AXIS);
  }

  @Override
  public Type<Stack> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Shape input = Inputs.requireSame(Inputs.requireSeveral(inputs));
    if (axis > input.rank()) {
      throw new ShapeMismatchException(
          "expected inputs of " + axis + " axes or more but got " + input);
    }
    return Axes.inserting(input, axis, inputs.size());
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    int[] lengths = new int[context.inputs().size()];
    Arrays.fill(lengths, 1);
    return new JoiningPass(context, outputShape(context.inputs()), axis, lengths);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
