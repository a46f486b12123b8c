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
 * Square root: NaN where x is negative.
 *
 * <p>Its gradient is {@code dout / (2 * y)}, infinite or NaN where x is 0.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code sqrt_forward}.
 */
public record Sqrt() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Sqrt> TYPE =
      Type.plain("sqrt", Sqrt.class, Sqrt::new)
          .withSamples(() -> List.of(Sample.of(new Sqrt(), 6)));

  @Override
  public Type<Sqrt> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).sqrt());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
