package org.allclose.layer;

import org.allclose.tensor.Shape;

/**
 * Makes one axis of all axes of a sample, in C order: {@code x.reshape(n, -1)}.
 *
 * <p>Shapes: x (n, d1, ..., dk), result (n, d1 * ... * dk). Both share their storage.
 */
public record Flatten() implements Layer {

  @Override
  public String type() {
    return "flatten";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(input.size());
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new Reshape(outputShape(binding.input())).pass(binding);
  }

  @Override
  public String toString() {
    return "flatten";
  }
}
