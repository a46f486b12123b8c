package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;
import org.allclose.internal.kernel.math.ElementaryFunctions;

/**
 * Adam as Keras has it: the means of {@link Adam}, then {@code w -= rate * sqrt(1 - beta2^t) / (1 -
 * beta1^t) * mean / (sqrt(squares) + epsilon)}, t being the number of the step from 1.
 *
 * <p>Source: Keras 3 {@code Adam}; Kingma and Ba (2015), the end of section 2. Keras updates its
 * means as {@code mean += (dw - mean) * (1 - beta1)}, which is the same in exact arithmetic.
 *
 * @param beta1 how much of the mean of gradients is kept, at least 0 and below 1
 * @param beta2 how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record KerasAdam(double beta1, double beta2, double epsilon) implements Optimizer {
  public static final double DEFAULT_BETA1 = 0.9;
  public static final double DEFAULT_BETA2 = 0.999;
  public static final double DEFAULT_EPSILON = 1e-7;

  public KerasAdam {
    Optimizer.requireShare("beta1", beta1);
    Optimizer.requireShare("beta2", beta2);
    Optimizer.requireNotNegative("epsilon", epsilon);
  }

  public KerasAdam() {
    this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
  }

  @Override
  public String type() {
    return "kerasAdam";
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
    double corrected = rate * Math.sqrt(squaresCorrection) / meanCorrection;
    OptimizerSteps.scaledByRoot(w, slots[0], corrected, slots[1], epsilon, n);
  }
}
