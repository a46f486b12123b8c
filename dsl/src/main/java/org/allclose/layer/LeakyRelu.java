package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Leaky rectified linear unit, {@code y = x} where x is positive, else {@code alpha * x}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code leaky_relu_forward}.
 */
public record LeakyRelu(double alpha) implements Layer {

  /** The slope for negative inputs where nothing is said, as in PyTorch. */
  public static final double DEFAULT_ALPHA = 0.01;

  /**
   * @throws IllegalArgumentException if alpha is not finite
   */
  public LeakyRelu {
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException("alpha: expected a finite number but got " + alpha);
    }
  }

  /** A layer with {@link #DEFAULT_ALPHA}. */
  public LeakyRelu() {
    this(DEFAULT_ALPHA);
  }

  @Override
  public String type() {
    return "leakyRelu";
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
        Activations.leakyRelu(x, alpha, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.leakyReluGradient(dout, x, alpha, dx, n);
      }

      @Override
      public Pass disturbed(RoundingErrors errors) {
        double[] factors = input().toArray();
        for (int i = 0; i < factors.length; i++) {
          factors[i] = factors[i] > 0 ? 1 : alpha;
        }
        return new FactorPass(binding, factors);
      }
    };
  }

  @Override
  public String toString() {
    return "leakyRelu(" + alpha + ")";
  }
}
