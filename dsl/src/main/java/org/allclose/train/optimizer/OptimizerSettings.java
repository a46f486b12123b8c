package org.allclose.train.optimizer;

import java.util.function.Function;
import org.allclose.type.Setting;

/** Settings that several optimizers have, with their ranges. */
final class OptimizerSettings {
  private OptimizerSettings() {}

  /** Returns how much of something is kept from step to step. */
  static <T> Setting<T, Double> share(String name, Function<T, Double> component, double absent) {
    return Setting.<T>number(name, component)
        .where("a number of at least 0 and below 1", share -> share >= 0 && share < 1)
        .orElse(absent);
  }

  /** Returns what keeps a quotient finite. */
  static <T> Setting<T, Double> epsilon(Function<T, Double> component, double absent) {
    return Setting.<T>number("epsilon", component).notNegative().orElse(absent);
  }
}
