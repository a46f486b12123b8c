package org.allclose.layer.combine;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Makes one axis of all axes of a sample, in C order: {@code x.reshape(n, -1)}.
 *
 * <p>Shapes: x (n, d1, ..., dk), result (n, d1 * ... * dk). Both share their storage.
 */
public record Flatten() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Flatten> TYPE =
      Type.plain("flatten", Flatten.class, Flatten::new)
          .withSamples(() -> List.of(Sample.of(new Flatten(), 5)));

  @Override
  public Type<Flatten> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(input.size());
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
