package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;

/**
 * RMSprop: {@code squares = decay * squares + (1 - decay) * (dw * dw); w -= rate * dw /
 * (sqrt(squares) + epsilon)}.
 *
 * <p>Source: cs231n {@code rmsprop}. {@link KerasRmsProp} differs in where epsilon goes and in the
 * defaults.
 *
 * @param decay how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record RmsProp(double decay, double epsilon) implements Optimizer {
  public static final double DEFAULT_DECAY = 0.99;
  public static final double DEFAULT_EPSILON = 1e-8;

  public RmsProp {
    Optimizer.requireShare("decay", decay);
    Optimizer.requireNotNegative("epsilon", epsilon);
  }

  public RmsProp() {
    this(DEFAULT_DECAY, DEFAULT_EPSILON);
  }

  @Override
  public String type() {
    return "rmsProp";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("squares", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.averageSquares(slots[0], dw, decay, n);
    OptimizerSteps.scaledByRoot(w, dw, rate, slots[0], epsilon, n);
  }
}
