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
 * Sigmoid linear unit, also called swish, {@code y = x * sigmoid(x)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Hendrycks and Gimpel, 2016; the reference's {@code silu_forward}; PyTorch {@code
 * nn.SiLU}, Keras {@code silu}.
 */
public record Silu() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Silu> TYPE =
      Type.plain("silu", Silu.class, Silu::new)
          .withSamples(() -> List.of(Sample.of(new Silu(), 6)));

  @Override
  public Type<Silu> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).swish(1)) {
      /** Of {@code dout * (s + x * s * (1 - s))}, s being the logistic function of x. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        double s = 1 / (1 + Math.exp(-x));
        return Math.abs(dout) * s * (1 + Math.abs(x) * (1 + s));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
