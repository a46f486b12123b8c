package org.allclose.train;

import java.util.List;
import org.allclose.internal.kernel.elementwise.Elementwise;

/**
 * Gradient descent: {@code w -= rate * dw}.
 *
 * <p>Source: cs231n {@code sgd}; Keras {@code SGD}.
 */
public record Sgd() implements Optimizer {

  @Override
  public String type() {
    return "sgd";
  }

  @Override
  public List<Slot> slots() {
    return List.of();
  }

  @Override
  public void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n) {
    Elementwise.subtractScaled(w, rate, dw, n);
  }
}
