package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.internal.pass.FactorPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Leaky rectified linear unit, {@code y = x} where x is positive, else {@code alpha * x}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code leaky_relu_forward}.
 *
 * @param alpha the slope for negative inputs
 */
public record LeakyRelu(double alpha) implements UnaryLayer {

  /** The slope for negative inputs where nothing is said, as in PyTorch. */
  public static final double DEFAULT_ALPHA = 0.01;

  private static final Setting<LeakyRelu, Double> ALPHA =
      Setting.number("alpha", LeakyRelu::alpha).finite().orElse(DEFAULT_ALPHA).bare();

  /** What this kind of layer says of itself. */
  public static final Type<LeakyRelu> TYPE =
      Type.of("leakyRelu", LeakyRelu.class, v -> new LeakyRelu(v.get(ALPHA)), ALPHA)
          .withSamples(
              () -> List.of(Sample.of(new LeakyRelu(), 5), Sample.of(new LeakyRelu(0.1), 5)));

  /**
   * @throws IllegalArgumentException if alpha is not finite
   */
  public LeakyRelu {
    ALPHA.check(alpha);
  }

  /** A layer with {@link #DEFAULT_ALPHA}. */
  public LeakyRelu() {
    this(DEFAULT_ALPHA);
  }

  @Override
  public Type<LeakyRelu> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ElementwisePass(context) {
      @Override
      protected void compute(Ops ops, Tensor x, Tensor y) {
        ops.leakyRelu(x, alpha, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        ops.leakyReluGradient(dout, x, alpha, dx);
      }

      @Override
      public Pass disturbed(RoundingErrors errors) {
        return new FactorPass(context, input().map(x -> x > 0 ? 1 : alpha));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
