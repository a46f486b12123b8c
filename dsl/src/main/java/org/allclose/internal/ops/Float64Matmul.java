package org.allclose.internal.ops;

import java.util.Arrays;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.product.MatrixProducts;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Products of many matrices in double precision. */
final class Float64Matmul implements BroadcastingOps.Matmul {
  private final MatrixProducts forward;
  private final MatrixProducts firstGradient;
  private final MatrixProducts secondGradient;

  Float64Matmul(Shape a, Shape b, Parallel parallel) {
    int[] aLead = lead(a);
    int[] bLead = lead(b);
    int[] lead = new int[aLead.length];
    Arrays.setAll(lead, axis -> Math.max(aLead[axis], bLead[axis]));
    int m = a.axis(a.rank() - 2);
    int k = a.axis(a.rank() - 1);
    int n = b.axis(b.rank() - 1);
    forward = new MatrixProducts(MatrixProduct.builder(m, n, k), aLead, bLead, lead, parallel);
    firstGradient =
        new MatrixProducts(
            MatrixProduct.builder(m, k, n).transposeB(), lead, bLead, lead, parallel);
    secondGradient =
        new MatrixProducts(
            MatrixProduct.builder(k, n, m).transposeA(), aLead, lead, lead, parallel);
  }

  private static int[] lead(Shape shape) {
    return Arrays.copyOf(shape.toArray(), shape.rank() - 2);
  }

  @Override
  public void run(Tensor a, Tensor b, Tensor out) {
    forward.run(a.unwrap(), b.unwrap(), out.unwrap());
  }

  @Override
  public void firstGradient(Tensor dout, Tensor b, Tensor out) {
    firstGradient.run(dout.unwrap(), b.unwrap(), out.unwrap());
  }

  @Override
  public void secondGradient(Tensor a, Tensor dout, Tensor out) {
    secondGradient.run(a.unwrap(), dout.unwrap(), out.unwrap());
  }
}
