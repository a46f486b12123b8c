package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;
import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Adam: {@code mean = beta1 * mean + (1 - beta1) * dw; squares = beta2 * squares + (1 - beta2) *
 * (dw * dw); w -= rate * (mean / (1 - beta1^t)) / (sqrt(squares / (1 - beta2^t)) + epsilon)}, t
 * being the number of the step from 1.
 *
 * <p>Source: Kingma and Ba (2015), algorithm 1; cs231n {@code adam}. {@link KerasAdam} differs in
 * where epsilon goes.
 *
 * @param beta1 how much of the mean of gradients is kept, at least 0 and below 1
 * @param beta2 how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
  public static final double DEFAULT_BETA1 = 0.9;
  public static final double DEFAULT_BETA2 = 0.999;
  public static final double DEFAULT_EPSILON = 1e-8;

  public Adam {
    Optimizer.requireShare("beta1", beta1);
    Optimizer.requireShare("beta2", beta2);
    Optimizer.requireNotNegative("epsilon", epsilon);
  }

  public Adam() {
    this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
  }

  @Override
  public String type() {
    return "adam";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("mean", 0), new Slot("squares", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.average(slots[0], dw, beta1, n);
    OptimizerSteps.averageSquares(slots[1], dw, beta2, n);
    double meanCorrection = 1 - ElementaryFunctions.pow(beta1, (double) step);
    double squaresCorrection = 1 - ElementaryFunctions.pow(beta2, (double) step);
    OptimizerSteps.corrected(
        w, rate, slots[0], meanCorrection, slots[1], squaresCorrection, epsilon, n);
  }
}
