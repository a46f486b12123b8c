package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Activations;
import org.allclose.tensor.Shape;

/**
 * Exponential linear unit, {@code y = x} where x is positive, else {@code alpha * expm1(x)}.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code elu_forward}.
 */
public record Elu(double alpha) implements Layer {

  /** The limit for large negative inputs, negated, where nothing is said. */
  public static final double DEFAULT_ALPHA = 1.0;

  /**
   * @throws IllegalArgumentException if alpha is not finite
   */
  public Elu {
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException("alpha: expected a finite number but got " + alpha);
    }
  }

  /** A layer with {@link #DEFAULT_ALPHA}. */
  public Elu() {
    this(DEFAULT_ALPHA);
  }

  @Override
  public String type() {
    return "elu";
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
        Activations.elu(x, alpha, y, n);
      }

      @Override
      void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
        Activations.eluGradient(dout, x, y, alpha, dx, n);
      }

      /** {@code expm1} may be computed as {@code exp(x) - 1}. */
      @Override
      double terms(double x, double y) {
        return x > 0 ? x : Math.abs(alpha);
      }

      /** Of {@code dout * (y + alpha)}. */
      @Override
      double gradientTerms(double dout, double x, double y, double dx) {
        return Math.abs(dout) * (x > 0 ? 1 : Math.abs(y) + Math.abs(alpha));
      }
    };
  }

  @Override
  public String toString() {
    return "elu(" + alpha + ")";
  }
}
