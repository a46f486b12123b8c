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
 * Natural logarithm, {@code y = log(x)}: NaN where x is negative, -infinity where it is 0.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code log_forward}.
 */
public record Log() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Log> TYPE =
      Type.plain("log", Log.class, Log::new).withSamples(() -> List.of(Sample.of(new Log(), 6)));

  @Override
  public Type<Log> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).log());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
