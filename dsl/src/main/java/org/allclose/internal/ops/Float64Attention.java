package org.allclose.internal.ops;

import org.allclose.internal.kernel.sequence.Attention;
import org.allclose.tensor.Tensor;

/** Attention in double precision. */
final class Float64Attention implements AttentionMap {
  private final Attention kernel;

  Float64Attention(Attention kernel) {
    this.kernel = kernel;
  }

  @Override
  public void forward(Tensor q, Tensor k, Tensor v, Tensor mask, Tensor drop, Tensor y) {
    kernel.forward(q.unwrap(), k.unwrap(), v.unwrap(), mask.unwrap(), drop.unwrap(), y.unwrap());
  }

  @Override
  public void backward(Tensor dout, Tensor dq, Tensor dk, Tensor dv) {
    kernel.backward(dout.unwrap(), dq.unwrap(), dk.unwrap(), dv.unwrap());
  }

  @Override
  public double[] weights() {
    return kernel.weights();
  }

  @Override
  public double[] scoreGradient() {
    return kernel.scoreGradient();
  }

  @Override
  public void release() {
    kernel.release();
  }
}
