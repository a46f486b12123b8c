package org.allclose.layer;

import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * Gives each sample another shape, in C order: {@code x.reshape(n, ...)}.
 *
 * <p>Shapes: x (n, ...), result (n, ...) with the same number of elements. Both share their
 * storage.
 *
 * @param shape a sample's new shape
 */
public record Reshape(Shape shape) implements Layer {

  @Override
  public String type() {
    return "reshape";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.size() != shape.size()) {
      throw new ShapeMismatchException(
          "expected input of "
              + shape.size()
              + " elements for shape "
              + shape
              + " but got "
              + input);
    }
    return shape;
  }

  @Override
  public Pass pass(LayerContext binding) {
    Shape to = shape.prepend(binding.batch());
    Shape from = binding.input().prepend(binding.batch());
    return new Pass() {
      @Override
      public Tensor forward(Tensor x) {
        return x.reshape(to);
      }

      @Override
      public Tensor backward(Tensor dout) {
        return dout.reshape(from);
      }
    };
  }

  @Override
  public String toString() {
    return "reshape" + shape;
  }
}
