package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * Softmax, {@code y = exp(x - max) / sum(exp(x - max))} over the classes of a sample: a head that
 * turns scores into probabilities. The softmax loss takes scores and not these.
 *
 * <p>Shapes: x (n, C), result (n, C).
 *
 * <p>Source: the reference's {@code softmax_forward}.
 */
public record Softmax() implements Layer {

  @Override
  public String type() {
    return "softmax";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new ShapeMismatchException("expected input of shape (classes,) but got " + input);
    }
    return input;
  }

  @Override
  public Pass pass(LayerContext binding) {
    int classes = binding.input().size();
    return new ElementwisePass(binding) {
      private double[] products = new double[0];

      @Override
      void compute(double[] x, double[] y, int n) {
        org.allclose.internal.kernel.elementwise.Softmax.probabilities(x, n / classes, classes, y);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        if (products.length == 0) {
          products = new double[n];
        }
        Activations.softmaxGradient(dout, y, n / classes, classes, products, dx);
      }

      @Override
      public Terms terms() {
        return new SoftmaxTerms(classes);
      }
    };
  }

  @Override
  public String toString() {
    return "softmax";
  }
}
