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
 * Gaussian error linear unit in its approximate form, {@code y = 0.5 * x * (1 + tanh(sqrt(2 / pi) *
 * (x + 0.044715 * x * x * x)))}.
 *
 * <p>Shapes: x (n, ...), result as x. {@link Gelu} is the exact form.
 *
 * <p>Source: the reference's {@code gelu_tanh_forward}.
 */
public record GeluTanh() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<GeluTanh> TYPE =
      Type.plain("geluTanh", GeluTanh.class, GeluTanh::new)
          .withSamples(() -> List.of(Sample.of(new GeluTanh(), 5)));

  @Override
  public Type<GeluTanh> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ElementwisePass(context) {
      private final Tensor tangent = context.newInputBatch();

      @Override
      protected void compute(Ops ops, Tensor x, Tensor y) {
        ops.geluTanh(x, tangent, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        ops.geluTanhGradient(dout, x, tangent, dx);
      }

      /** Of {@code 0.5 * x + 0.5 * x * tanh(...)}: they cancel where x is negative. */
      @Override
      protected double terms(double x, double y) {
        return Math.abs(x);
      }

      /**
       * The last addend has {@code 1 - tanh * tanh} as a factor, which cancels where |x| is large.
       */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (1 + Math.abs(x) * Ops.geluTanhSlope(x));
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
