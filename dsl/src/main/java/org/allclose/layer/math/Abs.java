package org.allclose.layer.math;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Magnitude, {@code y = |x|}, with a gradient of 0 where x is 0.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code abs_forward}; PyTorch {@code torch.abs}.
 */
public record Abs() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Abs> TYPE =
      Type.plain("abs", Abs.class, Abs::new).withSamples(() -> List.of(Sample.of(new Abs(), 6)));

  @Override
  public Type<Abs> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).abs()) {
      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(Math::signum);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
