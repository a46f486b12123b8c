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
 * Two or more inputs one after another along an axis.
 *
 * <p>Shapes: inputs (n, ...) that differ on the axis alone, result with the sum of their lengths
 * there. Gradients: the parts of dout.
 *
 * <p>Source: the reference's {@code concat_forward}; {@code np.concatenate(inputs, axis + 1)}.
 *
 * @param axis an axis of a sample, without the batch: 0 for the channels of images
 */
public record Concat(int axis) implements Layer {

  /** The axis where nothing is said. */
  public static final int DEFAULT_AXIS = 0;

  private static final Setting<Concat, Integer> AXIS =
      Setting.integer("axis", Concat::axis).atLeast(0).orElse(DEFAULT_AXIS);

  /** What this kind of layer says of itself. */
  public static final Type<Concat> TYPE =
      Type.of("concat", Concat.class, v -> new Concat(v.get(AXIS)), AXIS)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Concat(), Shape.of(3), Shape.of(2), Shape.of(4)),
                      Sample.ofInputs(new Concat(0), Shape.of(1, 2, 3), Shape.of(2, 2, 3)),
                      Sample.ofInputs(new Concat(2), Shape.of(2, 2, 3), Shape.of(2, 2, 1))));

  /**
   * @throws IllegalArgumentException if the axis is negative
   */
  public Concat {
    AXIS.check(axis);
  }

  /** A layer along the first axis. */
  public Concat() {
    this(DEFAULT_AXIS);
  }

  @Override
  public Type<Concat> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Inputs.requireSeveral(inputs);
    int[] axes = inputs.get(0).toArray();
    if (axis >= axes.length) {
      throw new ShapeMismatchException(
          "expected inputs with an axis " + axis + " but got " + inputs.get(0));
    }
    long length = 0;
    for (Shape input : inputs) {
      int[] other = input.toArray();
      if (other.length == axes.length) {
        length += other[axis];
        other[axis] = axes[axis];
      }
      if (!Arrays.equals(axes, other)) {
        throw new ShapeMismatchException(
            "expected inputs that differ on axis " + axis + " alone but got " + inputs);
      }
    }
    if (length > Integer.MAX_VALUE) {
      throw new ShapeMismatchException(
          "expected an axis of at most " + Integer.MAX_VALUE + " but got " + length);
    }
    axes[axis] = (int) length;
    return Shape.of(axes);
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    int[] lengths = context.inputs().stream().mapToInt(input -> input.axis(axis)).toArray();
    return new JoiningPass(context, outputShape(context.inputs()), axis, lengths);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
