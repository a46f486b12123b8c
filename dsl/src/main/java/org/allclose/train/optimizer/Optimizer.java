package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.tensor.Tensor;
import org.allclose.type.Type;

/**
 * A rule by which a gradient changes a parameter: an immutable record of its settings.
 *
 * <p>What it remembers from step to step, such as a velocity, is kept for it in slots, by {@link
 * org.allclose.train.OptimizerState}.
 */
public interface Optimizer {

  /**
   * A tensor that is remembered for each parameter, in its shape.
   *
   * @param name such as velocity
   * @param first the value of all its elements before the first step
   */
  record Slot(String name, double first) {}

  /** Returns what this kind of optimizer says of itself; it is called so in files. */
  Type<? extends Optimizer> type();

  /** Returns what is remembered for each parameter. */
  List<Slot> slots();

  /**
   * Changes one parameter. A step allocates nothing to speak of.
   *
   * @param w the parameter; modified
   * @param dw its gradient, of its shape; not modified
   * @param rate the learning rate
   * @param slots a tensor for each of {@link #slots()}, in their order; modified
   * @param step the number of this step, from 1
   */
  void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step);
}
