package org.allclose.layer;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/** A layer that takes nothing: the same for every sample of a batch. */
public interface SourceLayer extends Layer {

  /** Returns the shape of one output sample. */
  Shape outputShape();

  /** Returns the parameters this layer needs, in their order. */
  List<ParameterSpec> parameters();

  @Override
  default boolean isSource() {
    return true;
  }

  @Override
  default Shape outputShape(List<Shape> inputs) {
    if (!inputs.isEmpty()) {
      throw new ShapeMismatchException("expected no input but got " + inputs.size());
    }
    return outputShape();
  }

  @Override
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return parameters();
  }
}
