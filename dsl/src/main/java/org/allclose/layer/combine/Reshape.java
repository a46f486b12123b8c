package org.allclose.layer.combine;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Gives each sample another shape, in C order: {@code x.reshape(n, ...)}.
 *
 * <p>Shapes: x (n, ...), result (n, ...) with the same number of elements. Both share their
 * storage.
 *
 * @param shape a sample's new shape
 */
public record Reshape(Shape shape) implements UnaryLayer {

  private static final Setting<Reshape, Shape> SHAPE = Setting.axes("shape", Reshape::shape).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Reshape> TYPE =
      Type.of("reshape", Reshape.class, v -> new Reshape(v.get(SHAPE)), SHAPE)
          .withSamples(() -> List.of(Sample.of(new Reshape(2, 3), 6)));

  /** A layer to the given lengths of axes. */
  public Reshape(int... shape) {
    this(Shape.of(shape));
  }

  @Override
  public Type<Reshape> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.size() != shape.size()) {
      throw new ShapeMismatchException(
          "expected input of "
              + shape.size()
              + " elements for shape "
              + shape
              + " but got "
              + input);
    }
    return shape;
  }

  @Override
  public boolean movesTokens() {
    return true;
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape to = shape.prepend(context.batch());
    Shape from = context.input().prepend(context.batch());
    return new UnaryPass() {
      @Override
      public Tensor forward(Tensor x) {
        return x.reshape(to);
      }

      @Override
      public Tensor backward(Tensor dout) {
        return dout.reshape(from);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
