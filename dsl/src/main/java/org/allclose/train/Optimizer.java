package org.allclose.train;

import java.util.List;

/**
 * A rule by which a gradient changes a parameter: an immutable record of its settings.
 *
 * <p>What it remembers from step to step, such as a velocity, is in {@link OptimizerState}.
 */
public interface Optimizer {

  /**
   * An array that is remembered for each parameter, in its shape.
   *
   * @param name such as velocity
   * @param first the value of all its elements before the first step
   */
  record Slot(String name, double first) {}

  /** Returns the name of this rule in files, such as {@code adam}. */
  String type();

  /** Returns what is remembered for each parameter. */
  List<Slot> slots();

  /**
   * Changes one parameter.
   *
   * @param w the parameter; modified
   * @param dw its gradient; not modified
   * @param rate the learning rate
   * @param slots an array for each of {@link #slots}, in their order; modified
   * @param step the number of this step, from 1
   * @param n the number of elements
   */
  void update(double[] w, double[] dw, double rate, double[][] slots, long step, int n);

  /**
   * Checks a setting.
   *
   * @throws IllegalArgumentException if it is not a finite number of at least 0
   */
  static double requireNotNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + ": expected a finite number of at least 0 but got " + value);
    }
    return value;
  }

  /**
   * Checks a share that is kept from step to step.
   *
   * @throws IllegalArgumentException if it is not at least 0 and below 1
   */
  static double requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + ": expected a number of at least 0 and below 1 but got " + value);
    }
    return value;
  }
}
