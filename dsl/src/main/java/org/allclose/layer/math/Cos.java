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
 * Cosine of x in radians.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code cos_forward}; numpy {@code np.cos}, by the C library.
 */
public record Cos() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Cos> TYPE =
      Type.plain("cos", Cos.class, Cos::new).withSamples(() -> List.of(Sample.of(new Cos(), 6)));

  @Override
  public Type<Cos> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).cos());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
