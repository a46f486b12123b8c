package org.allclose.init;

import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * How the values of a parameter are made when there are no trained ones.
 *
 * <p>Immutable; what is drawn comes from the stream alone, so that parameters that are initialized
 * one after another are those of numpy code that draws in the same order.
 */
@FunctionalInterface
public interface Initializer {

  /**
   * Returns new values.
   *
   * @param shape the parameter's shape
   * @param fans how many inputs and outputs a unit of its layer has, see {@link Fans#of}
   * @param random the stream, a {@link org.allclose.random.NumpyRandom} for numpy's values; moves
   *     on by what is drawn
   * @throws IllegalArgumentException if there are no such values for this shape
   */
  Tensor initialize(Shape shape, Fans fans, RandomGenerator random);
}
