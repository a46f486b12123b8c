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
 * Logistic function, {@code y = 1 / (1 + exp(-x))}, computed from {@code exp(-|x|)} so that nothing
 * overflows.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code sigmoid_forward}.
 */
public record Sigmoid() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Sigmoid> TYPE =
      Type.plain("sigmoid", Sigmoid.class, Sigmoid::new)
          .withSamples(() -> List.of(Sample.of(new Sigmoid(), 5)));

  @Override
  public Type<Sigmoid> type() {
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
        ops.sigmoid(x, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        ops.sigmoidGradient(dout, y, dx);
      }

      /** Of {@code dout * (y - y * y)}. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * y * (1 + y);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
