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
 * Sine of x in radians.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code sin_forward}; numpy {@code np.sin}, by the C library.
 */
public record Sin() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Sin> TYPE =
      Type.plain("sin", Sin.class, Sin::new).withSamples(() -> List.of(Sample.of(new Sin(), 6)));

  @Override
  public Type<Sin> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).sin());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
