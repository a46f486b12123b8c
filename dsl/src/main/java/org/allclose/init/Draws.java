package org.allclose.init;

import org.allclose.random.NumpyRandom;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/** Arrays of numbers from any generator of Commons Math; numpy's draw them at once, faster. */
final class Draws {
  private Draws() {}

  /** Fills an array with standard normal numbers. */
  static void normal(RandomGenerator random, double[] into) {
    if (random instanceof NumpyRandom numpy) {
      numpy.standardNormal(into);
      return;
    }
    for (int i = 0; i < into.length; i++) {
      into[i] = random.nextGaussian();
    }
  }

  /** Returns {@code low + (high - low) * u}, u being uniform in [0, 1). */
  static Tensor uniform(RandomGenerator random, double low, double high, Shape shape) {
    Tensor result = Tensor.zeros(shape);
    double[] values = result.unwrap();
    if (random instanceof NumpyRandom numpy) {
      numpy.uniform(low, high, values);
      return result;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = low + (high - low) * random.nextDouble();
    }
    return result;
  }
}
