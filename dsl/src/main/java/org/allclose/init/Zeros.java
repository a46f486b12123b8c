package org.allclose.init;

import org.allclose.random.NumpyRandom;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Zero everywhere, as biases start; nothing is drawn. */
public record Zeros() implements Initializer {

  @Override
  public Tensor initialize(Shape shape, Fans fans, NumpyRandom random) {
    return Tensor.zeros(shape);
  }
}
