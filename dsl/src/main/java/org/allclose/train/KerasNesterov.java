package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;

/**
 * Nesterov's momentum as Keras has it: {@code v = momentum * v - rate * dw; w += momentum * v -
 * rate * dw}.
 *
 * <p>Source: Keras 3 {@code SGD(nesterov=True)}. {@link Nesterov} is cs231n's.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record KerasNesterov(double momentum) implements Optimizer {
  public static final double DEFAULT_MOMENTUM = 0.9;

  public KerasNesterov {
    Optimizer.requireShare("momentum", momentum);
  }

  public KerasNesterov() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public String type() {
    return "kerasNesterov";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("velocity", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.kerasNesterov(w, dw, rate, slots[0], momentum, n);
  }
}
