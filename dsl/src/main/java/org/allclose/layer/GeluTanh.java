package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Gaussian error linear unit in its approximate form, {@code y = 0.5 * x * (1 + tanh(sqrt(2 / pi) *
 * (x + 0.044715 * x * x * x)))}.
 *
 * <p>Shapes: x (n, ...), result as x. {@link Gelu} is the exact form.
 *
 * <p>Source: the reference's {@code gelu_tanh_forward}.
 */
public record GeluTanh() implements Layer {

  @Override
  public String type() {
    return "geluTanh";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new ElementwisePass(binding) {
      private final double[] tangent = new double[binding.newInputBatch().size()];

      @Override
      void compute(double[] x, double[] y, int n) {
        Activations.geluTangent(x, tangent, n);
        Activations.geluTanh(x, tangent, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.geluTanhGradient(dout, x, tangent, dx, n);
      }

      /** Of {@code 0.5 * x + 0.5 * x * tanh(...)}: they cancel where x is negative. */
      @Override
      double terms(double x, double y) {
        return Math.abs(x);
      }

      /**
       * The last addend has {@code 1 - tanh * tanh} as a factor, which cancels where |x| is large.
       */
      @Override
      double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (1 + Math.abs(x) * Activations.geluTanhSlope(x));
      }
    };
  }

  @Override
  public String toString() {
    return "geluTanh";
  }
}
