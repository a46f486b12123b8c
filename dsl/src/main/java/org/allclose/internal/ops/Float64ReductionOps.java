package org.allclose.internal.ops;

import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.elementwise.Softmax;
import org.allclose.internal.kernel.reduce.AxesExtreme;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Operations along axes in double precision: each is a call of the kernels. */
final class Float64ReductionOps implements ReductionOps {

  @Override
  public Extreme extreme(Shape x, int... axes) {
    return new Planned(AxesExtreme.of(x.toArray(), axes));
  }

  @Override
  public void divide(Tensor x, double divisor, Tensor out) {
    System.arraycopy(x.unwrap(), 0, out.unwrap(), 0, out.size());
    Elementwise.divide(out.unwrap(), divisor, out.size());
  }

  @Override
  public void transposeEach(Tensor x, int matrices, int rows, int columns, Tensor out) {
    for (int i = 0; i < matrices; i++) {
      Elementwise.transpose(x.unwrap(), i * rows * columns, rows, columns, out.unwrap());
    }
  }

  @Override
  public void logSoftmax(Tensor x, Tensor y) {
    Softmax.logProbabilities(x.unwrap(), rows(y), y.size() / rows(y), y.unwrap());
  }

  @Override
  public void logSoftmaxGradient(Tensor dout, Tensor y, Tensor sums, Tensor dx) {
    Softmax.logGradient(
        dout.unwrap(), y.unwrap(), rows(y), y.size() / rows(y), sums.unwrap(), dx.unwrap());
  }

  private static int rows(Tensor matrix) {
    return matrix.shape().axis(0);
  }

  private record Planned(AxesExtreme plan) implements Extreme {

    @Override
    public int resultSize() {
      return plan.resultSize();
    }

    @Override
    public void largest(Tensor x, int[] places) {
      plan.largest(x.unwrap(), places);
    }

    @Override
    public void smallest(Tensor x, int[] places) {
      plan.smallest(x.unwrap(), places);
    }

    @Override
    public void take(Tensor x, int[] places, Tensor out) {
      AxesExtreme.take(x.unwrap(), places, out.unwrap());
    }

    @Override
    public void put(Tensor dout, int[] places, Tensor dx) {
      AxesExtreme.put(dout.unwrap(), places, dx.unwrap());
    }

    @Override
    public void share(Tensor dout, Tensor x, Tensor y, Tensor dx) {
      plan.share(dout.unwrap(), x.unwrap(), y.unwrap(), dx.unwrap());
    }
  }
}
