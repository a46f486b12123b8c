package org.allclose.layer.image;

import org.allclose.internal.ops.Pool;
import org.allclose.layer.LayerContext;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The pass of a layer that takes one number of each window of each channel. */
abstract class PoolPass extends UnaryPass {
  private final LayerContext context;
  private final Pool pool;
  private final Tensor out;
  private Tensor input = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  /**
   * @param output the shape of a sample of the output, of one element for each window
   */
  PoolPass(LayerContext context, Pool pool, Shape output) {
    this.context = context;
    this.pool = pool;
    out = context.newBatch(output);
  }

  /** A pass on the same windows as another one, with buffers of its own. */
  PoolPass(PoolPass other) {
    context = other.context;
    pool = other.pool;
    out = Tensor.zeros(other.out.shape());
  }

  /** Computes the output of a batch. */
  abstract void compute(Pool windows, Tensor x, Tensor y);

  /** Computes the gradient with respect to x of a batch. */
  abstract void computeGradient(Pool windows, Tensor x, Tensor dout, Tensor gradient);

  /** Returns the latest batch of inputs. */
  final Tensor input() {
    return input;
  }

  /** Returns a new gradient of the input for the latest batch. */
  final Tensor gradientOf(Tensor dout) {
    Tensor gradient = context.newInputBatch();
    computeGradient(pool, input, dout, gradient);
    return gradient;
  }

  @Override
  public final Tensor forward(Tensor x) {
    input = x;
    compute(pool, x, out);
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    computeGradient(pool, input, dout, dx);
    return dx;
  }

  @Override
  public final void release() {
    super.release();
    input = Tensor.EMPTY;
  }
}
