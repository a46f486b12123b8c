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
 * Exponential function, {@code y = exp(x)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code exp_forward}.
 */
public record Exp() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Exp> TYPE =
      Type.plain("exp", Exp.class, Exp::new).withSamples(() -> List.of(Sample.of(new Exp(), 6)));

  @Override
  public Type<Exp> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).exp());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
