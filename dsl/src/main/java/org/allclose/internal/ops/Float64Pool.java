package org.allclose.internal.ops;

import org.allclose.internal.kernel.image.PoolWindows;
import org.allclose.internal.kernel.image.Pooling;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/** Pools in double precision. */
final class Float64Pool implements Pool {
  private final Pooling kernel;

  Float64Pool(PoolWindows windows, int batch, Parallel parallel) {
    kernel = new Pooling(windows, batch, parallel);
  }

  @Override
  public void max(Tensor x, Tensor y) {
    kernel.max(x.unwrap(), y.unwrap());
  }

  @Override
  public void atMax(Tensor decided, Tensor x, Tensor y) {
    kernel.atMax(decided.unwrap(), x.unwrap(), y.unwrap());
  }

  @Override
  public void maxGradient(Tensor x, Tensor dy, Tensor dx) {
    kernel.maxGradient(x.unwrap(), dy.unwrap(), dx.unwrap());
  }

  @Override
  public void mean(Tensor x, Tensor y) {
    kernel.mean(x.unwrap(), y.unwrap());
  }

  @Override
  public void meanGradient(Tensor dy, Tensor dx) {
    kernel.meanGradient(dy.unwrap(), dx.unwrap());
  }
}
