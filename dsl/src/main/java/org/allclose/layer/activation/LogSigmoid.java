package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Logarithm of the logistic function, {@code y = -log(1 + exp(-x))}, computed as {@code min(x, 0) -
 * log1p(exp(-|x|))}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code log_sigmoid_forward}; PyTorch {@code nn.LogSigmoid}.
 */
public record LogSigmoid() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<LogSigmoid> TYPE =
      Type.plain("logSigmoid", LogSigmoid.class, LogSigmoid::new)
          .withSamples(() -> List.of(Sample.of(new LogSigmoid(), 6)));

  @Override
  public Type<LogSigmoid> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).logSigmoid());
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
