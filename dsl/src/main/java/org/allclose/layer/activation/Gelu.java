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
 * Gaussian error linear unit in its exact form, {@code y = 0.5 * x * (1 + erf(x / sqrt(2)))}.
 *
 * <p>Shapes: x (n, ...), result as x. {@link GeluTanh} is the approximation.
 *
 * <p>Source: the reference's {@code gelu_forward}.
 */
public record Gelu() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Gelu> TYPE =
      Type.plain("gelu", Gelu.class, Gelu::new)
          .withSamples(() -> List.of(Sample.of(new Gelu(), 5)));

  @Override
  public Type<Gelu> type() {
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
        ops.gelu(x, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        ops.geluGradient(dout, x, dx);
      }

      /** Of {@code 0.5 * x + 0.5 * x * erf(...)}: they cancel where x is negative. */
      @Override
      protected double terms(double x, double y) {
        return Math.abs(x);
      }

      /** Of {@code dout * (0.5 + 0.5 * erf(...) + x * density)}. */
      @Override
      protected double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) + Math.abs(dx);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
