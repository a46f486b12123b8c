package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Logistic function, {@code y = 1 / (1 + exp(-x))}, computed from {@code exp(-|x|)} so that nothing
 * overflows.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code sigmoid_forward}.
 */
public record Sigmoid() implements Layer {

  @Override
  public String type() {
    return "sigmoid";
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
        Activations.sigmoid(x, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.sigmoidGradient(dout, y, dx, n);
      }

      /** Of {@code dout * (y - y * y)}. */
      @Override
      double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * y * (1 + y);
      }
    };
  }

  @Override
  public String toString() {
    return "sigmoid";
  }
}
