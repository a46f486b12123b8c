package org.allclose.loss;

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
}
