package org.allclose.layer.image;

import java.util.List;
import org.allclose.internal.ops.Pool;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Tensor;

/** The pass of a layer that takes the largest of each window. */
final class MaxPoolPass extends PoolPass {
  MaxPoolPass(UnaryLayer layer, LayerContext context, Pool pool) {
    super(context, pool, layer.outputShape(context.input()));
  }

  @Override
  void compute(Pool pool, Tensor x, Tensor y) {
    pool.max(x, y);
  }

  @Override
  void computeGradient(Pool pool, Tensor x, Tensor dout, Tensor dx) {
    pool.maxGradient(x, dout, dx);
  }

  /** An element that is the largest of several windows gets the sum of their gradients. */
  @Override
  public Terms terms() {
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return Terms.magnitudes(y);
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        return List.of(gradientOf(Terms.magnitudes(dout)));
      }
    };
  }

  /** Takes the elements that were the largest of their windows in the latest batch. */
  @Override
  public Pass disturbed(RoundingErrors errors) {
    Tensor decided = input().copy();
    return new PoolPass(this) {
      @Override
      void compute(Pool pool, Tensor x, Tensor y) {
        pool.atMax(decided, x, y);
      }

      @Override
      void computeGradient(Pool pool, Tensor x, Tensor dout, Tensor dx) {
        pool.maxGradient(decided, dout, dx);
      }
    };
  }
}
