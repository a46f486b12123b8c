package org.allclose.layer;

import java.util.List;
import java.util.Optional;
import org.allclose.tensor.Shape;

/**
 * One step of a network: an immutable record of its settings.
 *
 * <p>Shapes are those of one sample, without the batch axis. What runs a batch is a {@link Pass}.
 */
public interface Layer {

  /** Returns the name of this kind of layer in network files, such as {@code dense}. */
  String type();

  /** Returns what a layer without a name is called, before its number. */
  default String namePrefix() {
    return type();
  }

  /**
   * Returns the shape of one output sample for one input sample.
   *
   * @throws org.allclose.tensor.ShapeMismatchException if this layer cannot take such an input; the
   *     message says what was expected and got, the caller adds the place
   */
  Shape outputShape(Shape input);

  /** Returns the parameters this layer needs for inputs of the given shape, in their order. */
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  /** Returns the buffers and the arithmetic for batches of one size. */
  Pass pass(LayerContext binding);

  /**
   * Returns a pass that does the work of the next layer as well, if this layer can do both at less
   * cost; every result has the same bits as from two passes.
   *
   * @param next the layer that takes this one's output
   */
  default Optional<Pass> passWith(Layer next, LayerContext binding) {
    return Optional.empty();
  }

  /**
   * Returns a pass that does the work of the next two layers as well, as {@link #passWith(Layer,
   * LayerContext)}.
   *
   * @param next the layer that takes this one's output
   * @param afterNext the layer that takes the next one's output
   */
  default Optional<Pass> passWith(Layer next, Layer afterNext, LayerContext binding) {
    return Optional.empty();
  }
}
