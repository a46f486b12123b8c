package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;

/**
 * AdaGrad: {@code squares += dw * dw; w -= rate * dw / (sqrt(squares) + epsilon)}.
 *
 * <p>Source: Duchi et al. (2011); cs231n's notes "Neural Networks Part 3". {@link KerasAdaGrad}
 * differs in where epsilon goes and what the squares start from.
 *
 * @param epsilon keeps the quotient finite, at least 0
 */
public record AdaGrad(double epsilon) implements Optimizer {
  public static final double DEFAULT_EPSILON = 1e-8;

  public AdaGrad {
    Optimizer.requireNotNegative("epsilon", epsilon);
  }

  public AdaGrad() {
    this(DEFAULT_EPSILON);
  }

  @Override
  public String type() {
    return "adaGrad";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("squares", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.addSquares(slots[0], dw, n);
    OptimizerSteps.scaledByRoot(w, dw, rate, slots[0], epsilon, n);
  }
}
