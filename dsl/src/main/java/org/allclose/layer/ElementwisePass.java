package org.allclose.layer;

import org.allclose.tensor.Tensor;

/** The pass of a layer without parameters whose output has the shape of its input. */
abstract class ElementwisePass implements Pass {
  private final Binding binding;
  private final Tensor out;
  private Tensor input = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  ElementwisePass(Binding binding) {
    this.binding = binding;
    out = binding.newInputBatch();
  }

  /** Computes the output of a whole batch of n elements. */
  abstract void compute(double[] x, double[] y, int n);

  /** Computes the gradient with respect to x of a whole batch of n elements. */
  abstract void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n);

  @Override
  public final Tensor forward(Tensor x) {
    input = x;
    compute(x.unwrap(), out.unwrap(), out.size());
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = binding.newInputBatch();
    }
    computeGradient(dout.unwrap(), input.unwrap(), out.unwrap(), dx.unwrap(), out.size());
    return dx;
  }

  @Override
  public final void release() {
    input = Tensor.EMPTY;
  }
}
