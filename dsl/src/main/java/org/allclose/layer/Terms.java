package org.allclose.layer;

import java.util.List;
import java.util.function.Function;
import org.allclose.tensor.Tensor;

/**
 * For each result of a pass, the sum of the magnitudes of the terms that it is computed from.
 *
 * <p>Rounding errors are in proportion to it and not to the result: {@code 1e8 + 1 - 1e8} is off by
 * the rounding of 1e8. For a dense layer's output it is {@code |x||W| + |b|}. Terms are those of
 * this one step: errors of its input are none of its business. Within a small factor any way to
 * compute the same result has the same terms, so that they bound the distance of two ways.
 *
 * <p>Belongs to one caller at a time, who calls the methods right after those of the pass, in the
 * order forward, updates, backward, gradients. A tensor it returns is its own until the next call
 * of the same method.
 */
public interface Terms {

  /** Returns the terms of results that are moved or scaled, not added up: their own magnitudes. */
  static Terms magnitudes() {
    return new Magnitudes();
  }

  /**
   * Returns the terms of a layer that is linear in its inputs and in each of its parameters: what
   * the layer itself gives for the magnitudes of everything.
   */
  static Terms linear(Layer layer, LayerContext context) {
    return linear(layer::pass, context);
  }

  /**
   * Returns the terms of a pass that is linear in its inputs and in each of its parameters.
   *
   * @param maker makes such a pass
   */
  static Terms linear(Function<LayerContext, Pass> maker, LayerContext context) {
    return new LinearTerms(maker, context);
  }

  /** Returns {@code |tensor|}, element by element, a new one. */
  static Tensor magnitudes(Tensor tensor) {
    return Magnitudes.of(tensor);
  }

  /**
   * Returns the terms of the output.
   *
   * @param inputs what the pass was given; not modified
   * @param y what it returned; not modified
   */
  Tensor forward(List<Tensor> inputs, Tensor y);

  /**
   * Returns the terms of what a statistic is to become after the latest forward pass.
   *
   * @param statistic its name within the layer
   * @param value what it is to become; not modified
   */
  default Tensor update(String statistic, Tensor value) {
    return Magnitudes.of(value);
  }

  /**
   * Returns the terms of the gradient of each input.
   *
   * @param dout what the pass was given; not modified
   * @param gradients what it returned; not modified
   */
  List<Tensor> backward(Tensor dout, List<Tensor> gradients);

  /**
   * Returns the terms of a parameter's gradient after the latest backward pass.
   *
   * @param parameter its name within the layer
   * @param value the gradient; not modified
   */
  default Tensor gradient(String parameter, Tensor value) {
    return Magnitudes.of(value);
  }
}
