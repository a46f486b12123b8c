package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Softplus, {@code y = log(1 + exp(x))}, computed as {@code log1p(exp(-|x|)) + max(x, 0)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code softplus_forward}.
 */
public record Softplus() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Softplus> TYPE =
      Type.plain("softplus", Softplus.class, Softplus::new)
          .withSamples(() -> List.of(Sample.of(new Softplus(), 5)));

  @Override
  public Type<Softplus> type() {
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
        ops.softplus(x, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        ops.softplusGradient(dout, x, dx);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
