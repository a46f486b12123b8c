package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Hyperbolic tangent.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code tanh_forward}.
 */
public record Tanh() implements Layer {

  @Override
  public String type() {
    return "tanh";
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
        Activations.tanh(x, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.tanhGradient(dout, y, dx, n);
      }

      /** Of {@code dout * (1 - y * y)}. */
      @Override
      double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (1 + y * y);
      }
    };
  }

  @Override
  public String toString() {
    return "tanh";
  }
}
