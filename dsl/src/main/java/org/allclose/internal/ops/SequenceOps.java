package org.allclose.internal.ops;

import org.allclose.internal.kernel.sequence.Lookup;
import org.allclose.tensor.DType;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Operations of layers of sequences on tensors of one dtype, with numpy's bits.
 *
 * <p>An argument is modified only where its name is that of a result, or where it is said. Shapes
 * are the caller's business: elements are taken in C order.
 */
public interface SequenceOps {

  /** Returns the operations for a dtype; nothing is allocated. */
  static SequenceOps of(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> Float64SequenceOps.INSTANCE;
    };
  }

  /** Returns the index of the first token that is not below a limit; -1 if there is none. */
  static int firstTokenFrom(Tensor tokens, int limit) {
    return Lookup.firstFrom(tokens.unwrap(), limit);
  }

  /**
   * Plans a recurrent layer.
   *
   * @param x the shape of a batch, (N, T, D)
   * @param units the width of a state
   * @param reverse whether the last step comes first
   * @param weights kept
   */
  Recurrent recurrent(
      Recurrent.Kind kind,
      Shape x,
      int units,
      boolean reverse,
      Recurrent.Result result,
      Recurrent.Weights weights);

  /** Computes {@code out = table[tokens]}, a row of the last axis for each token. */
  void lookUp(Tensor table, Tensor tokens, Tensor out);

  /**
   * Computes {@code sums = 0; np.add.at(sums, tokens, rows)}.
   *
   * @param except the token whose rows are left out; -1 if none
   */
  void addRows(Tensor rows, Tensor tokens, int except, Tensor sums);

  /**
   * Computes sines and cosines that tell steps apart: {@code sin(t * base ** (-j / D))} in even
   * columns j, the cosine of the same in the column behind.
   *
   * @param table (T, D)
   */
  void positions(double base, Tensor table);

  /** Computes the terms of {@link #positions}, what the rounding of angles does included. */
  void termsOfPositions(double base, Tensor table);

  /**
   * Plans turns of pairs by the angles {@code t * (1 / base ** (2 * i / D))}.
   *
   * @param sample (..., T, D), D being even
   * @param interleaved whether pairs are neighbours, rather than of the two halves
   */
  Rotation rotation(Shape sample, double base, boolean interleaved);
}
