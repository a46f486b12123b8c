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
 * Reciprocal of the square root, {@code y = 1 / sqrt(x)}.
 *
 * <p>Its gradient is {@code dout * (-0.5 * y * y * y)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code rsqrt_forward}; PyTorch {@code torch.rsqrt}.
 */
public record Rsqrt() implements ElementwiseLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Rsqrt> TYPE =
      Type.plain("rsqrt", Rsqrt.class, Rsqrt::new)
          .withSamples(() -> List.of(Sample.of(new Rsqrt(), 6)));

  @Override
  public Type<Rsqrt> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).rsqrt()) {
      /** The rounding of y is in the product three times. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return 3 * Math.abs(dx);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
