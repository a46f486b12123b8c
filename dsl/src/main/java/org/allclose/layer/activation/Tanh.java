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
 * Hyperbolic tangent.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code tanh_forward}.
 */
public record Tanh() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Tanh> TYPE =
      Type.plain("tanh", Tanh.class, Tanh::new)
          .withSamples(() -> List.of(Sample.of(new Tanh(), 5)));

  @Override
  public Type<Tanh> type() {
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
        ops.tanh(x, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        ops.tanhGradient(dout, y, dx);
      }

      /** Of {@code dout * (1 - y * y)}. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (1 + y * y);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
