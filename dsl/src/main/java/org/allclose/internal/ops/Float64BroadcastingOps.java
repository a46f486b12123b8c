package org.allclose.internal.ops;

import org.allclose.internal.kernel.elementwise.BinaryOperation;
import org.allclose.internal.kernel.elementwise.Broadcasting;
import org.allclose.internal.kernel.reduce.Reduction;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The operations on broadcast tensors in double precision: each is a call of the kernels. */
final class Float64BroadcastingOps implements BroadcastingOps {

  @Override
  public Broadcast broadcast(Shape a, Shape b) {
    return new Planned(Broadcasting.of(a.toArray(), b.toArray()));
  }

  @Override
  public AxesSum sum(Shape x, int... axes) {
    Reduction reduction = Reduction.ofCOrder(x.toArray(), axes);
    return (values, out) -> reduction.sum(values.unwrap(), 0, out.unwrap());
  }

  @Override
  public Matmul matmul(Shape a, Shape b, int threads) {
    return new Float64Matmul(a, b, Parallel.of(threads));
  }

  private record Planned(Broadcasting plan) implements Broadcast {

    private void run(BinaryOperation operation, Tensor a, Tensor b, Tensor out) {
      plan.run(operation, a.unwrap(), b.unwrap(), out.unwrap());
    }

    @Override
    public void add(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.ADD, a, b, out);
    }

    @Override
    public void subtract(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.SUBTRACT, a, b, out);
    }

    @Override
    public void multiply(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.MULTIPLY, a, b, out);
    }

    @Override
    public void divide(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.DIVIDE, a, b, out);
    }

    @Override
    public void maximum(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.MAXIMUM, a, b, out);
    }

    @Override
    public void minimum(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.MINIMUM, a, b, out);
    }

    @Override
    public void share(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.SHARE, a, b, out);
    }

    @Override
    public void expand(Tensor a, Tensor b, Tensor out) {
      run(BinaryOperation.SECOND, a, b, out);
    }
  }
}
