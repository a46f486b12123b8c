package org.allclose.layer.combine;

import java.util.List;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * The smaller of two inputs, element by element: {@code y = np.minimum(a, b)}, b where they are
 * equal, NaN where one is.
 *
 * <p>Shapes: inputs (n, ...) that numpy broadcasts, aligned at the last axis; result (n, ...) with
 * the larger length of each axis. Gradients: dout for the smaller one, half of it for each where
 * both are equal, summed over the axes along which an input is taken more than once.
 *
 * <p>Source: the reference's {@code minimum_forward}; the gradient is PyTorch's.
 */
public record Minimum() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Minimum> TYPE =
      Type.plain("minimum", Minimum.class, Minimum::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Minimum(), Shape.of(5), Shape.of(5)),
                      Sample.ofInputs(new Minimum(), Shape.of(2, 3), Shape.of(2, 1))));

  @Override
  public Type<Minimum> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Broadcast.shape(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ExtremePass(context, false);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
