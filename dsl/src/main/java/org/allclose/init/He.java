package org.allclose.init;

import org.allclose.init.VarianceScaling.Distribution;
import org.allclose.init.VarianceScaling.Fan;

/**
 * Initialization for layers followed by ReLU, which loses half of the variance; also named after
 * Kaiming.
 *
 * <p>Source: K. He et al., "Delving Deep into Rectifiers", ICCV 2015; cs231n {@code randn(n) *
 * sqrt(2.0 / n)}; PyTorch {@code kaiming_normal_}, {@code kaiming_uniform_}. Keras' {@code
 * he_normal} truncates, this does not.
 */
public final class He {
  private He() {}

  /** Returns {@code np.sqrt(2 / fan_in) * randn(...)}. */
  public static Initializer normal() {
    return new VarianceScaling(2, Fan.IN, Distribution.NORMAL);
  }

  /** Returns {@code uniform(-limit, limit, ...)}, limit being {@code np.sqrt(6 / fan_in)}. */
  public static Initializer uniform() {
    return new VarianceScaling(2, Fan.IN, Distribution.UNIFORM);
  }
}
