package org.allclose;

import java.util.Optional;
import java.util.function.Supplier;
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
public abstract class LayerSteps {
  LayerSteps() {}

  /**
   * Adds a layer that is made here and now, so that what is wrong with it is told with its place.
   */
  abstract NetworkBuilder add(Optional<String> name, Supplier<? extends Layer> layer);

  /**
   * Adds a layer under a name.
   *
   * @throws IllegalArgumentException if the name is taken, empty, or has characters other than
   *     letters, digits, {@code _}, {@code -} and {@code .}
   */
  public final NetworkBuilder layer(String name, Layer layer) {
    return add(Optional.of(name), () -> layer);
  }

  /** Adds a layer, named by its kind and number. */
  public final NetworkBuilder layer(Layer layer) {
    return add(Optional.empty(), () -> layer);
  }

  /** Adds a fully connected layer: {@link Dense}. */
  public final NetworkBuilder dense(int units) {
    return add(Optional.empty(), () -> new Dense(units));
  }

  /** Adds a fully connected layer under a name: {@link Dense}. */
  public final NetworkBuilder dense(String name, int units) {
    return add(Optional.of(name), () -> new Dense(units));
  }

  /** Adds a fully connected layer under a name, with settings: {@code d -> d.bias(false)}. */
  public final NetworkBuilder dense(String name, int units, UnaryOperator<Dense> settings) {
    return add(Optional.of(name), () -> settings.apply(new Dense(units)));
  }

  /** Adds a rectified linear unit: {@link Relu}. */
  public final NetworkBuilder relu() {
    return add(Optional.empty(), Relu::new);
  }

  /** Adds a rectified linear unit under a name: {@link Relu}. */
  public final NetworkBuilder relu(String name) {
    return add(Optional.of(name), Relu::new);
  }

  /** Adds a layer that makes one axis of all: {@link Flatten}. */
  public final NetworkBuilder flatten() {
    return add(Optional.empty(), Flatten::new);
  }

  /** Adds a layer that makes one axis of all under a name: {@link Flatten}. */
  public final NetworkBuilder flatten(String name) {
    return add(Optional.of(name), Flatten::new);
  }
}
