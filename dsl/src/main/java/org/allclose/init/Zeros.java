package org.allclose.init;

import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/** Zero everywhere, as biases start; nothing is drawn. */
public record Zeros() implements Initializer {

  @Override
  public Tensor initialize(Shape shape, Fans fans, RandomGenerator random) {
    return Tensor.zeros(shape);
  }
}
