package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;

/** The mean of gradients and that of their squares, which Adam and its kind keep in two slots. */
final class Moments {
  static final List<Optimizer.Slot> SLOTS =
      List.of(new Optimizer.Slot("mean", 0), new Optimizer.Slot("squares", 0));

  private Moments() {}

  /**
   * Takes a gradient into both means.
   *
   * @param slots modified
   */
  static void average(List<Tensor> slots, double beta1, double beta2, Tensor dw) {
    TrainingOps ops = TrainingOps.of(dw.dtype());
    ops.average(slots.get(0), beta1, dw);
    ops.averageSquares(slots.get(1), beta2, dw);
  }

  /** Returns what a mean that started from 0 is divided by: the sum of its weights. */
  static double correction(double beta, long step) {
    return 1 - TrainingOps.power(beta, step);
  }
}
