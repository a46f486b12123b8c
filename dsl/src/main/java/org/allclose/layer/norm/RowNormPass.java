package org.allclose.layer.norm;

import org.allclose.internal.ops.Groups;
import org.allclose.layer.LayerContext;
import org.allclose.tensor.Tensor;

/** A normalization of values that are side by side: of the rows of a matrix. */
class RowNormPass extends NormPass {

  /**
   * @param rows what is normalized together
   * @param scaled what is scaled together
   */
  RowNormPass(LayerContext context, Groups rows, Groups scaled, double epsilon, Affine affine) {
    super(context, rows, scaled, epsilon, affine);
  }

  /** Returns the pass whose channels are in groups, each normalized over all its values. */
  static RowNormPass ofGroups(LayerContext context, int groups, double epsilon, Affine affine) {
    int size = context.input().size();
    int channels = context.input().axis(0);
    return new RowNormPass(
        context,
        new Groups(1, context.batch() * groups, size / groups),
        new Groups(context.batch(), channels, size / channels),
        epsilon,
        affine);
  }

  @Override
  void moments(Tensor x, Tensor sampleMean, Tensor variance) {
    ops.momentsOfRows(x, own, sampleMean, variance);
  }

  @Override
  final void sums(Tensor values, Tensor sum) {
    ops.sumOfRows(values, own, sum);
  }

  @Override
  final void scaledSums(Tensor values, Tensor sum) {
    if (scaled.inner() == 1) {
      ops.sumOverRows(values, scaled, sum);
    } else {
      ops.sumOfChannels(values, scaled, sum);
    }
  }
}
