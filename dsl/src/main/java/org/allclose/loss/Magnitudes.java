package org.allclose.loss;

import java.util.function.DoubleBinaryOperator;
import org.allclose.tensor.Tensor;

/** Terms that are what they add up to, but for the sign. */
final class Magnitudes {
  private Magnitudes() {}

  /** Replaces each element by its magnitude. */
  static void take(Tensor gradient) {
    double[] values = gradient.unwrap();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
  }

  /**
   * Returns the sum of what each score and its value add up to the loss.
   *
   * @param values of the shape of the scores
   */
  static double sum(Tensor scores, Tensor values, DoubleBinaryOperator term) {
    double sum = 0;
    for (int i = 0; i < scores.size(); i++) {
      sum += term.applyAsDouble(scores.unwrap()[i], values.unwrap()[i]);
    }
    return sum;
  }
}
