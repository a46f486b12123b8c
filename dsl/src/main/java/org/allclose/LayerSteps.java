package org.allclose;

import java.util.function.UnaryOperator;
import org.allclose.layer.Dense;
import org.allclose.layer.Flatten;
import org.allclose.layer.Layer;
import org.allclose.layer.Relu;

/**
 * The builder calls that add a layer.
 *
 * <p>Each fails at once if the layer cannot take the output of the one before: with a {@link
 * org.allclose.tensor.ShapeMismatchException} for shapes, else an {@link IllegalArgumentException}.
 * A layer without a name is called by its kind and its number among its kind, such as {@code
 * dense2}.
 */
public interface LayerSteps {

  /**
   * Adds a layer under a name.
   *
   * @throws IllegalArgumentException if the name is taken, empty, or has characters other than
   *     letters, digits, {@code _}, {@code -} and {@code .}
   */
  NetworkBuilder layer(String name, Layer layer);

  /** Adds a layer, named by its kind and number. */
  NetworkBuilder layer(Layer layer);

  /** Adds a fully connected layer: {@link Dense}. */
  default NetworkBuilder dense(int units) {
    return layer(new Dense(units));
  }

  /** Adds a fully connected layer under a name: {@link Dense}. */
  default NetworkBuilder dense(String name, int units) {
    return layer(name, new Dense(units));
  }

  /** Adds a fully connected layer under a name, with settings: {@code d -> d.bias(false)}. */
  default NetworkBuilder dense(String name, int units, UnaryOperator<Dense> settings) {
    return layer(name, settings.apply(new Dense(units)));
  }

  /** Adds a rectified linear unit: {@link Relu}. */
  default NetworkBuilder relu() {
    return layer(new Relu());
  }

  /** Adds a rectified linear unit under a name: {@link Relu}. */
  default NetworkBuilder relu(String name) {
    return layer(name, new Relu());
  }

  /** Adds a layer that makes one axis of all: {@link Flatten}. */
  default NetworkBuilder flatten() {
    return layer(new Flatten());
  }

  /** Adds a layer that makes one axis of all under a name: {@link Flatten}. */
  default NetworkBuilder flatten(String name) {
    return layer(name, new Flatten());
  }
}
