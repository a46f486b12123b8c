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
 * Mish, {@code y = x * tanh(softplus(x))}.
 *
 * <p>Its gradient is {@code dout * (t + x * sigmoid(x) * (1 - t * t))}, t being the hyperbolic
 * tangent.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Misra, Mish, 2019; the reference's {@code mish_forward}; PyTorch {@code nn.Mish}.
 */
public record Mish() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Mish> TYPE =
      Type.plain("mish", Mish.class, Mish::new)
          .withSamples(() -> List.of(Sample.of(new Mish(), 6)));

  @Override
  public Type<Mish> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).mish()) {
      /** Of {@code dout * (t + x * s * (1 - t * t))}, where t is less than 2 s, and at most 1. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        double s = 1 / (1 + Math.exp(-x));
        return Math.abs(dout) * 2 * s * (1 + Math.abs(x));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
