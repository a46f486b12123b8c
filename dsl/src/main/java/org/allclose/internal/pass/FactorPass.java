package org.allclose.internal.pass;

import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Tensor;

/** Multiplies each element by a factor of its own: what decided layers do when they repeat. */
public final class FactorPass extends ElementwisePass {
  private final Tensor factors;

  /**
   * @param factors one for each element of a batch; kept, not copied
   */
  public FactorPass(LayerContext context, Tensor factors) {
    super(context);
    this.factors = factors;
  }

  @Override
  protected void compute(Ops ops, Tensor x, Tensor y) {
    ops.multiply(x, factors, y);
  }

  @Override
  protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
    ops.multiply(dout, factors, dx);
  }
}
