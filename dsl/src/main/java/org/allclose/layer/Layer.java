package org.allclose.layer;

import java.util.List;
import org.allclose.tensor.Shape;
import org.allclose.type.Type;

/**
 * One step of a network: an immutable record of its settings.
 *
 * <p>Shapes are those of one sample, without the batch axis. What runs a batch is a {@link Pass}.
 * Most layers have one input and are {@link UnaryLayer}s; those without are {@link SourceLayer}s.
 */
public interface Layer {

  /** Returns what this kind of layer says of itself: its name in files, its settings. */
  Type<? extends Layer> type();

  /** Returns what a layer without a name is called, before its number. */
  default String namePrefix() {
    return type().name();
  }

  /** Returns whether a layer takes nothing, rather than the layer before it, if nothing is said. */
  default boolean isSource() {
    return false;
  }

  /**
   * Returns the shape of one output sample.
   *
   * @param inputs the shapes of one sample of each input
   * @throws org.allclose.tensor.ShapeMismatchException if this layer cannot take such inputs; the
   *     message says what was expected and got, the caller adds the place
   */
  Shape outputShape(List<Shape> inputs);

  /** Returns the parameters this layer needs for inputs of the given shapes, in their order. */
  default List<ParameterSpec> parameters(List<Shape> inputs) {
    return List.of();
  }

  /**
   * Returns whether an input has to be of tokens: whole numbers from 0, which have no gradient, so
   * that a pass gives {@link org.allclose.tensor.Tensor#EMPTY} for it. All other inputs are of
   * values, unless the layer {@linkplain #movesTokens moves} what it is given.
   *
   * @param input its number, from 0
   * @param inputs how many there are
   */
  default boolean takesTokens(int input, int inputs) {
    return false;
  }

  /**
   * Returns whether this layer only moves what it is given to other places, so that its output is
   * of tokens if its inputs are.
   */
  default boolean movesTokens() {
    return false;
  }

  /** Returns the buffers and the arithmetic for batches of one size. */
  Pass pass(LayerContext context);
}
