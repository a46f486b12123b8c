package org.allclose.internal.ops;

import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.tensor.Tensor;

/** What normalizations need in double precision: each operation is a call of the kernels. */
final class Float64NormOps implements NormOps {
  static final NormOps INSTANCE = new Float64NormOps();

  private Float64NormOps() {}

  @Override
  public void meanSquareOfRows(Tensor x, Groups rows, Tensor out) {
    Sums.meanSquareOfRows(x.unwrap(), rows.groups(), rows.inner(), out.unwrap());
  }
}
