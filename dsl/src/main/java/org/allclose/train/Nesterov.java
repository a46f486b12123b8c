package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;

/**
 * Nesterov's momentum as cs231n has it: {@code before = v; v = momentum * v - rate * dw; w +=
 * -momentum * before + (1 + momentum) * v}.
 *
 * <p>Source: cs231n's notes "Neural Networks Part 3". {@link KerasNesterov} is the same in exact
 * arithmetic.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record Nesterov(double momentum) implements Optimizer {
  public static final double DEFAULT_MOMENTUM = 0.9;

  public Nesterov {
    Optimizer.requireShare("momentum", momentum);
  }

  public Nesterov() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public String type() {
    return "nesterov";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("velocity", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.nesterov(w, dw, rate, slots[0], momentum, n);
  }
}
