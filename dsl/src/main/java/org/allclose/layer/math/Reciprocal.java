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
 * Reciprocal, {@code y = 1 / x}.
 *
 * <p>Its gradient is {@code -dout * (y * y)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code reciprocal_forward}; PyTorch {@code torch.reciprocal}.
 */
public record Reciprocal() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Reciprocal> TYPE =
      Type.plain("reciprocal", Reciprocal.class, Reciprocal::new)
          .withSamples(() -> List.of(Sample.of(new Reciprocal(), 6)));

  @Override
  public Type<Reciprocal> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).reciprocal());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
