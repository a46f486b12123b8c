package org.allclose.layer;

import org.allclose.tensor.Shape;

/** A layer of one input that gives an element for each element. */
public interface ElementwiseLayer extends UnaryLayer {

  @Override
  default Shape outputShape(Shape input) {
    return input;
  }
}
