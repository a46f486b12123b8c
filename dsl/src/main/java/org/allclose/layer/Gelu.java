package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Gaussian error linear unit in its exact form, {@code y = 0.5 * x * (1 + erf(x / sqrt(2)))}.
 *
 * <p>Shapes: x (n, ...), result as x. {@link GeluTanh} is the approximation.
 *
 * <p>Source: the reference's {@code gelu_forward}.
 */
public record Gelu() implements Layer {

  @Override
  public String type() {
    return "gelu";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new ElementwisePass(binding) {
      @Override
      void compute(double[] x, double[] y, int n) {
        Activations.gelu(x, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.geluGradient(dout, x, dx, n);
      }

      /** Of {@code 0.5 * x + 0.5 * x * erf(...)}: they cancel where x is negative. */
      @Override
      double terms(double x, double y) {
        return Math.abs(x);
      }

      /** Of {@code dout * (0.5 + 0.5 * erf(...) + x * density)}. */
      @Override
      double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) + Math.abs(dx);
      }
    };
  }

  @Override
  public String toString() {
    return "gelu";
  }
}
