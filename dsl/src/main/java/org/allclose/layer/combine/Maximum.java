package org.allclose.layer.combine;

import java.util.List;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * The larger of two inputs, element by element: {@code y = np.maximum(a, b)}, b where they are
 * equal, NaN where one is.
 *
 * <p>Shapes: inputs (n, ...) that numpy broadcasts, aligned at the last axis; result (n, ...) with
 * the larger length of each axis. Gradients: dout for the larger one, half of it for each where
 * both are equal, summed over the axes along which an input is taken more than once.
 *
 * <p>Source: the reference's {@code maximum_forward}; the gradient is PyTorch's.
 */
public record Maximum() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Maximum> TYPE =
      Type.plain("maximum", Maximum.class, Maximum::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Maximum(), Shape.of(5), Shape.of(5)),
                      Sample.ofInputs(new Maximum(), Shape.of(2, 3), Shape.of(2, 1))));

  @Override
  public Type<Maximum> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Broadcast.shape(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ExtremePass(context, true);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
