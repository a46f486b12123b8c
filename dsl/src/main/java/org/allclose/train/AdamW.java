package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.OptimizerSteps;

/**
 * Adam with decoupled weight decay: {@code w -= rate * decay * w}, then the step of {@link Adam}.
 *
 * <p>All parameters decay, biases too, as in PyTorch and Keras. Source: Loshchilov and Hutter
 * (2019), algorithm 2; the default decay is PyTorch's, Keras' is 0.004.
 *
 * @param beta1 how much of the mean of gradients is kept, at least 0 and below 1
 * @param beta2 how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 * @param decay how fast the weights decay, at least 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double decay) implements Optimizer {
  public static final double DEFAULT_BETA1 = 0.9;
  public static final double DEFAULT_BETA2 = 0.999;
  public static final double DEFAULT_EPSILON = 1e-8;
  public static final double DEFAULT_DECAY = 0.01;

  public AdamW {
    Optimizer.requireShare("beta1", beta1);
    Optimizer.requireShare("beta2", beta2);
    Optimizer.requireNotNegative("epsilon", epsilon);
    Optimizer.requireNotNegative("decay", decay);
  }

  public AdamW() {
    this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON, DEFAULT_DECAY);
  }

  @Override
  public String type() {
    return "adamW";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("mean", 0), new Slot("squares", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    OptimizerSteps.decay(w, rate, decay, n);
    new Adam(beta1, beta2, epsilon).update(w, dw, rate, slots, step, n);
  }
}
