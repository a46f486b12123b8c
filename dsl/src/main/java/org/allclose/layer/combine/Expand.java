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
 * Copies along axes of length 1, and along new first ones: {@code np.broadcast_to(x, (n, ...))}.
 *
 * <p>Shapes: x (n, ...), aligned at its last axis, result (n, ...) of the given shape. Gradient:
 * the sum over the copies of dout, from 0, in their order.
 *
 * <p>Source: numpy {@code broadcast_to}; the reference's {@code movement.forward}.
 *
 * @param shape a sample's new shape
 */
public record Expand(Shape shape) implements UnaryLayer {

  private static final Setting<Expand, Shape> SHAPE = Setting.axes("shape", Expand::shape).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Expand> TYPE =
      Type.of("expand", Expand.class, v -> new Expand(v.get(SHAPE)), SHAPE)
          .withSamples(
              () ->
                  List.of(Sample.of(new Expand(2, 3), 1, 3), Sample.of(new Expand(2, 3, 2), 3, 1)));

  /** A layer to the given lengths of axes. */
  public Expand(int... shape) {
    this(Shape.of(shape));
  }

  @Override
  public Type<Expand> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    int more = shape.rank() - input.rank();
    boolean fits = more >= 0;
    for (int axis = 0; fits && axis < input.rank(); axis++) {
      fits = input.axis(axis) == 1 || input.axis(axis) == shape.axis(axis + more);
    }
    if (!fits) {
      throw new ShapeMismatchException(
          "expected input that can be copied to shape " + shape + " but got " + input);
    }
    return shape;
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MovingPass(context, shape, Places.of(context.input()).expand(shape));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
