package org.allclose.internal.ops;

import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/** The gradient of ReLU in double precision, sample by sample on several threads. */
final class Float64Masking implements Ops.Masking {
  private final int batch;
  private final Parallel parallel;
  private final Parallel.Task task = this::sample;
  private Tensor dout = Tensor.EMPTY;
  private Tensor y = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  Float64Masking(int batch, Parallel parallel) {
    this.batch = batch;
    this.parallel = parallel;
  }

  @Override
  public void apply(Tensor upstream, Tensor output, Tensor result) {
    dout = upstream;
    y = output;
    dx = result;
    parallel.forRange(batch, task);
    dout = Tensor.EMPTY;
  }

  private void sample(int i) {
    int size = dx.size() / batch;
    Elementwise.reluGradient(dout.unwrap(), y.unwrap(), dx.unwrap(), i * size, (i + 1) * size);
  }
}
