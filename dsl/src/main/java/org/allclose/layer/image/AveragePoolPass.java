package org.allclose.layer.image;

import org.allclose.internal.ops.Pool;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Tensor;

/** The pass of a layer that takes the mean of each window. */
final class AveragePoolPass extends PoolPass {
  private final UnaryLayer layer;
  private final LayerContext context;

  AveragePoolPass(UnaryLayer layer, LayerContext context, Pool pool) {
    super(context, pool, layer.outputShape(context.input()));
    this.layer = layer;
    this.context = context;
  }

  @Override
  void compute(Pool pool, Tensor x, Tensor y) {
    pool.mean(x, y);
  }

  @Override
  void computeGradient(Pool pool, Tensor x, Tensor dout, Tensor dx) {
    pool.meanGradient(dout, dx);
  }

  @Override
  public Terms terms() {
    return Terms.linear(layer, context);
  }
}
