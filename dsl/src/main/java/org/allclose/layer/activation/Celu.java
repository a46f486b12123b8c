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
 * Continuously differentiable exponential linear unit, {@code y = x} where x is positive, else
 * {@code alpha * expm1(x / alpha)}, computed as {@code alpha * expm1(x * (1 / alpha))}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: Barron, 2017; the reference's {@code elu_forward}; PyTorch {@code nn.CELU}.
 *
 * @param alpha the limit for large negative inputs, negated, above 0
 */
public record Celu(double alpha) implements ElementwiseLayer {

  /** The limit for large negative inputs, negated, where nothing is said. */
  public static final double DEFAULT_ALPHA = 1.0;

  private static final Setting<Celu, Double> ALPHA =
      Setting.<Celu>number("alpha", Celu::alpha).positive().orElse(DEFAULT_ALPHA).bare();

  /** What this kind of layer says of itself. */
  public static final Type<Celu> TYPE =
      Type.of("celu", Celu.class, v -> new Celu(v.get(ALPHA)), ALPHA)
          .withSamples(() -> List.of(Sample.of(new Celu(), 6), Sample.of(new Celu(0.7), 6)));

  /**
   * @throws IllegalArgumentException if alpha is not a finite number above 0
   */
  public Celu {
    ALPHA.check(alpha);
  }

  /** A layer with {@link #DEFAULT_ALPHA}. */
  public Celu() {
    this(DEFAULT_ALPHA);
  }

  @Override
  public Type<Celu> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new FunctionPass(context, FunctionOps.of(context.dtype()).elu(alpha, 1, 1 / alpha)) {
      /** {@code expm1} may be computed as {@code exp(x) - 1}. */
      @Override
      protected double terms(double x, double y) {
        return x > 0 ? x : alpha;
      }

      /** Of {@code dout * (y + alpha) / alpha}. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (x > 0 ? 1 : Math.abs(y) / alpha + 1);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
