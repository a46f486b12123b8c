package org.allclose.internal.ops;

import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.tensor.DType;

/** Operations on tensors of one dtype that move elements and compute nothing. */
public interface ShapeOps {

  /**
   * Returns the operations for a dtype.
   *
   * @param threads how many threads may work on an operation; no result depends on it
   */
  static ShapeOps of(DType dtype, int threads) {
    Parallel parallel = Parallel.of(threads);
    return switch (dtype) {
      case FLOAT64 -> (batch, places) -> new Float64Movement(batch, places, parallel);
    };
  }

  /**
   * Plans copies of samples' elements.
   *
   * @param batch the number of samples
   * @param places where the elements of a sample come from
   */
  Movement movement(int batch, Places places);
}
