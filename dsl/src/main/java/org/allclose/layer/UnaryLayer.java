package org.allclose.layer;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** A layer of one input. */
public interface UnaryLayer extends Layer {

  /**
   * Returns the shape of one output sample for one input sample.
   *
   * @throws ShapeMismatchException if this layer cannot take such an input; the message says what
   *     was expected and got, the caller adds the place
   */
  Shape outputShape(Shape input);

  /** Returns the parameters this layer needs for inputs of the given shape, in their order. */
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  @Override
  default Shape outputShape(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new ShapeMismatchException("expected 1 input but got " + inputs.size());
    }
    return outputShape(inputs.get(0));
  }

  @Override
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return parameters(inputs.get(0));
  }
}
