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
 * Quick approximation of GELU, {@code y = x * sigmoid(1.702 * x)}.
 *
 * <p>{@link Gelu} is the exact form, {@link GeluTanh} the near one.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Hendrycks and Gimpel, Gaussian Error Linear Units, 2016; the reference's {@code
 * silu_forward}; the activation of CLIP.
 */
public record QuickGelu() implements ElementwiseLayer {
  private static final double FACTOR = 1.702;

  /** What this kind of layer says of itself. */
  public static final Type<QuickGelu> TYPE =
      Type.plain("quickGelu", QuickGelu.class, QuickGelu::new)
          .withSamples(() -> List.of(Sample.of(new QuickGelu(), 6)));

  @Override
  public Type<QuickGelu> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).swish(FACTOR)) {
      /**
       * Of {@code dout * (s + t * s * (1 - s))}, t being {@code 1.702 * x} and s its logistic
       * function.
       */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        double s = 1 / (1 + Math.exp(-FACTOR * x));
        return Math.abs(dout) * s * (1 + FACTOR * Math.abs(x) * (1 + s));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
