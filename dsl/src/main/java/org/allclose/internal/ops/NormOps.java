package org.allclose.internal.ops;

import org.allclose.tensor.DType;
import org.allclose.tensor.Tensor;

/**
 * Operations on tensors of one dtype that normalizations need beside those of {@link Ops}, with
 * numpy's bits.
 *
 * <p>The last argument is modified: overwritten with the result.
 */
public interface NormOps {

  /** Returns the operations for a dtype; nothing is allocated. */
  static NormOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Float64NormOps.INSTANCE;
    };
  }

  /** Computes {@code np.mean(x * x, axis=1)} of {@code x.reshape(groups, inner)}. */
  void meanSquareOfRows(Tensor x, Groups rows, Tensor out);
}
