package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;

/**
 * AdaGrad as Keras has it: {@code squares += dw * dw; w -= rate * dw / sqrt(squares + epsilon)},
 * the squares starting from 0.1.
 *
 * <p>Source: Keras 3 {@code Adagrad}. {@link AdaGrad} is cs231n's.
 *
 * @param epsilon keeps the quotient finite, at least 0
 */
public record KerasAdaGrad(double epsilon) implements Optimizer {
  public static final double DEFAULT_EPSILON = 1e-7;

  public KerasAdaGrad {
    Optimizer.requireNotNegative("epsilon", epsilon);
  }

  public KerasAdaGrad() {
    this(DEFAULT_EPSILON);
  }

  @Override
  public String type() {
    return "kerasAdaGrad";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("squares", 0.1));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.addSquares(slots[0], dw, n);
    OptimizerSteps.scaledByRootOfSum(w, dw, rate, slots[0], epsilon, n);
  }
}
