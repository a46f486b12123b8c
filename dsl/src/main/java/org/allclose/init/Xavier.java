package org.allclose.init;

import org.allclose.init.VarianceScaling.Distribution;
import org.allclose.init.VarianceScaling.Fan;

/**
 * Initialization for layers whose activation is linear around 0, such as tanh; also named after
 * Glorot.
 *
 * <p>Source: X. Glorot, Y. Bengio, "Understanding the Difficulty of Training Deep Feedforward
 * Neural Networks", AISTATS 2010; PyTorch {@code xavier_normal_}, {@code xavier_uniform_}. Keras'
 * {@code glorot_normal} truncates, this does not.
 */
public final class Xavier {
  private Xavier() {}

  /** Returns {@code np.sqrt(2 / (fan_in + fan_out)) * randn(...)}. */
  public static Initializer normal() {
    return new VarianceScaling(1, Fan.AVERAGE, Distribution.NORMAL);
  }

  /** Returns {@code uniform(-limit, limit, ...)}, limit being {@code np.sqrt(6 / (in + out))}. */
  public static Initializer uniform() {
    return new VarianceScaling(1, Fan.AVERAGE, Distribution.UNIFORM);
  }
}
