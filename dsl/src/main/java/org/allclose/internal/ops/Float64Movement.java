package org.allclose.internal.ops;

import org.allclose.internal.kernel.elementwise.IndexedCopy;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Tensor;

/** Copies in double precision, sample by sample, which threads share if there is much to copy. */
final class Float64Movement implements Movement {

  /** Fewer elements than this are copied sooner than a thread is woken. */
  private static final int MUCH = 1 << 15;

  private final int batch;
  private final IndexedCopy copy;
  private final Parallel parallel;
  private final Parallel.Task takes = this::take;
  private final Parallel.Task puts = this::put;
  private final Parallel.Task gradients = this::gradient;
  private Tensor x = Tensor.EMPTY;
  private Tensor y = Tensor.EMPTY;
  private double fill;

  Float64Movement(int batch, Places places, Parallel parallel) {
    this.batch = batch;
    copy = places.copy();
    this.parallel = parallel;
  }

  @Override
  public void take(Tensor from, double constant, Tensor to) {
    fill = constant;
    run(from, to, takes);
  }

  @Override
  public void put(Tensor from, Tensor to) {
    run(to, from, puts);
  }

  @Override
  public void gradient(Tensor dy, Tensor dx) {
    run(dx, dy, gradients);
  }

  private void run(Tensor ofX, Tensor ofY, Parallel.Task task) {
    x = ofX;
    y = ofY;
    if (Math.max(x.size(), y.size()) < MUCH) {
      for (int sample = 0; sample < batch; sample++) {
        task.run(sample);
      }
    } else {
      parallel.forRange(batch, task);
    }
    x = Tensor.EMPTY;
    y = Tensor.EMPTY;
  }

  private void take(int sample) {
    copy.take(x.unwrap(), fill, y.unwrap(), sample);
  }

  private void put(int sample) {
    copy.put(y.unwrap(), x.unwrap(), sample);
  }

  private void gradient(int sample) {
    copy.gradient(y.unwrap(), x.unwrap(), sample);
  }
}
