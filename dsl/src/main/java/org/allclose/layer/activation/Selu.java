package org.allclose.layer.activation;

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
 * Scaled exponential linear unit, {@code y = scale * x} where x is positive, else {@code scale *
 * alpha * expm1(x)}, with the constants that keep mean 0 and variance 1.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Klambauer and others, Self-Normalizing Neural Networks, 2017; the reference's {@code
 * elu_forward}; PyTorch {@code nn.SELU}.
 */
public record Selu() implements ElementwiseLayer {
  private static final double ALPHA = 1.6732632423543772;
  private static final double SCALE = 1.0507009873554805;

  /** Of large negative inputs, negated. */
  private static final double LIMIT = ALPHA * SCALE;

  /** What this kind of layer says of itself. */
  public static final Type<Selu> TYPE =
      Type.plain("selu", Selu.class, Selu::new)
          .withSamples(() -> List.of(Sample.of(new Selu(), 6)));

  @Override
  public Type<Selu> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).elu(ALPHA, SCALE, 1)) {
      /** {@code expm1} may be computed as {@code exp(x) - 1}. */
      @Override
      protected double terms(double x, double y) {
        return x > 0 ? y : LIMIT;
      }

      /** Of {@code dout * (y + limit)}. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (x > 0 ? SCALE : Math.abs(y) + LIMIT);
      }

      @Override
      public Pass disturbed(RoundingErrors errors) {
        return onPieces(
            x -> x > 0 ? SCALE : LIMIT * Math.exp(x), x -> x > 0 ? 0 : LIMIT * Math.exp(x));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
