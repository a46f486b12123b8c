package org.allclose.layer.math;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Negative, {@code y = -x}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code negate_forward}.
 */
public record Negate() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Negate> TYPE =
      Type.plain("negate", Negate.class, Negate::new)
          .withSamples(() -> List.of(Sample.of(new Negate(), 6)));

  @Override
  public Type<Negate> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).negate());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
