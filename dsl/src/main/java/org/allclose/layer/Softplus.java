package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Softplus, {@code y = log(1 + exp(x))}, computed as {@code log1p(exp(-|x|)) + max(x, 0)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code softplus_forward}.
 */
public record Softplus() implements Layer {

  @Override
  public String type() {
    return "softplus";
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
        Activations.softplus(x, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.softplusGradient(dout, x, dx, n);
      }
    };
  }

  @Override
  public String toString() {
    return "softplus";
  }
}
