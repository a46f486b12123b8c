package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.runtime.Parallel;
import org.allclose.internal.kernel.sequence.Attention;
import org.allclose.tensor.DType;
import org.allclose.tensor.Tensor;

/**
 * Planned scaled dot-product attention of each sample and head.
 *
 * <p>Belongs to one caller at a time. What {@link #forward} is given is kept for the gradients,
 * until {@link #release}.
 */
public interface AttentionMap {

  /**
   * Plans attention.
   *
   * @param threads how many threads may work on it; no result depends on it
   * @param causal whether step i attends to no step behind i
   * @param scale what products are multiplied by; if nothing is said, they are divided by the root
   *     of the number of features
   */
  static AttentionMap of(
      DType dtype, int threads, Sizes sizes, boolean causal, Optional<Double> scale) {
    Attention.Scaling scaling =
        scale
            .map(factor -> new Attention.Scaling(factor, false))
            .orElseGet(() -> new Attention.Scaling(Math.sqrt(sizes.features), true));
    return switch (dtype) {
      case FLOAT64 ->
          new Float64Attention(
              new Attention(sizes.ofKernel(), scaling, causal, Parallel.of(threads)));
    };
  }

  /**
   * How large things are.
   *
   * @param outer samples, and whatever else comes before the steps of a sequence
   * @param heads parts of the features
   * @param targets steps that attend
   * @param sources steps that are attended to
   * @param features of a query and a key of one head
   * @param values of one head
   */
  record Sizes(int outer, int heads, int targets, int sources, int features, int values) {

    /** Returns the number of matrices of scores. */
    public int matrices() {
      return outer * heads;
    }

    /** Returns the number of elements of a matrix of scores. */
    public int scores() {
      return targets * sources;
    }

    private Attention.Sizes ofKernel() {
      return new Attention.Sizes(outer, heads, targets, sources, features, values);
    }
  }

  /**
   * Computes the output.
   *
   * @param mask what is added to the scores; {@link Tensor#EMPTY} if nothing
   * @param drop what weights are multiplied by; {@link Tensor#EMPTY} if nothing
   * @param y modified: overwritten
   */
  void forward(Tensor q, Tensor k, Tensor v, Tensor mask, Tensor drop, Tensor y);

  /** Computes the gradients of queries, keys and values for the latest {@link #forward}. */
  void backward(Tensor dout, Tensor dq, Tensor dk, Tensor dv);

  /** Returns the weights of the latest {@link #forward}, before any were dropped: not a copy. */
  double[] weights();

  /** Returns the gradient of the scores of the latest {@link #backward}: not a copy. */
  double[] scoreGradient();

  /** Lets go of all arguments. */
  void release();
}
