package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.pass.FunctionPass;
import org.allclose.layer.ElementwiseLayer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Exponential linear unit, {@code y = x} where x is positive, else {@code alpha * expm1(x)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code elu_forward}.
 *
 * @param alpha the limit for large negative inputs, negated
 */
public record Elu(double alpha) implements ElementwiseLayer {

  /** The limit for large negative inputs, negated, where nothing is said. */
  public static final double DEFAULT_ALPHA = 1.0;

  private static final Setting<Elu, Double> ALPHA =
      Setting.<Elu>number("alpha", Elu::alpha).finite().orElse(DEFAULT_ALPHA).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Elu> TYPE =
      Type.of("elu", Elu.class, v -> new Elu(v.get(ALPHA)), ALPHA)
          .withSamples(() -> List.of(Sample.of(new Elu(), 5), Sample.of(new Elu(0.7), 5)));

  /**
   * @throws IllegalArgumentException if alpha is not finite
   */
  public Elu {
    ALPHA.check(alpha);
  }

  /** A layer with {@link #DEFAULT_ALPHA}. */
  public Elu() {
    this(DEFAULT_ALPHA);
  }

  @Override
  public Type<Elu> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).elu(alpha, 1, 1)) {
      /** {@code expm1} may be computed as {@code exp(x) - 1}. */
      @Override
      protected double terms(double x, double y) {
        return x > 0 ? x : Math.abs(alpha);
      }

      /** Of {@code dout * (y + alpha)}. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (x > 0 ? 1 : Math.abs(y) + Math.abs(alpha));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
