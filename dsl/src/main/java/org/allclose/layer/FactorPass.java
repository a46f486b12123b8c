package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Elementwise;

/** Multiplies each element by a factor of its own: what decided layers do when they repeat. */
final class FactorPass extends ElementwisePass {
  private final double[] factors;

  /**
   * @param factors one for each element of a batch; kept, not copied
   */
  FactorPass(LayerContext binding, double[] factors) {
    super(binding);
    this.factors = factors;
  }

  @Override
  void compute(double[] x, double[] y, int n) {
    Elementwise.multiply(x, factors, y, n);
  }

  @Override
  void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
    Elementwise.multiply(dout, factors, dx, n);
  }
}
