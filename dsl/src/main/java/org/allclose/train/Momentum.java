package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.Elementwise;

/**
 * Gradient descent with momentum: {@code v = momentum * v - rate * dw; w += v}.
 *
 * <p>Source: cs231n {@code sgd_momentum}; Keras {@code SGD(momentum=...)}, whose default is 0.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record Momentum(double momentum) implements Optimizer {
  public static final double DEFAULT_MOMENTUM = 0.9;

  public Momentum {
    Optimizer.requireShare("momentum", momentum);
  }

  public Momentum() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public String type() {
    return "momentum";
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("velocity", 0));
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    Elementwise.momentumStep(w, slots[0], momentum, rate, dw, n);
  }
}
