package org.allclose.layer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * Layers one after another, each under a name: what a network is without its loss.
 *
 * <p>Immutable. The layers' shapes fit, since each was checked when it was added.
 */
public final class Chain {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  private final Shape input;
  private final Shape output;
  private final LayerStore store;
  private final int length;
  private volatile List<NamedLayer> layers;

  private Chain(Shape input, Shape output, LayerStore store, int length) {
    this.input = input;
    this.output = output;
    this.store = store;
    this.length = length;
  }

  /** Returns a chain without layers for inputs of the given shape. */
  public static Chain of(Shape input) {
    return new Chain(input, input, new LayerStore(), 0);
  }

  /**
   * Returns this chain and one layer more.
   *
   * <p>Chains that grow from one another share what they have in common, so that one of many layers
   * is built in time.
   *
   * @param givenName its name; if there is none, its kind and its number among its kind
   * @param maker makes the layer here and now, so that what is wrong with it is told with its place
   * @throws ShapeMismatchException if the layer cannot take the output of the one before
   * @throws IllegalArgumentException if the name is taken or unfit, or the layer's settings are
   */
  public Chain append(Optional<String> givenName, Supplier<? extends Layer> maker) {
    String place =
        "layer " + (length + 1) + givenName.map(given -> " '" + given + "': ").orElse(": ");
    try {
      Layer layer = maker.get();
      LayerStore longer = store.endingAt(length);
      String name = givenName.orElseGet(() -> longer.nextName(layer));
      place = "layer " + (length + 1) + " '" + name + "': ";
      checkName(name);
      NamedLayer named = new NamedLayer(name, layer, output, layer.outputShape(output));
      checkSizes(named);
      return new Chain(input, named.output(), longer.append(length, named), length + 1);
    } catch (ShapeMismatchException e) {
      throw new ShapeMismatchException(place + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }

  /** Refuses parameters with more elements than an array can have. */
  private static void checkSizes(NamedLayer named) {
    for (ParameterSpec parameter : named.parameters()) {
      if (parameter.shape().size() == 0) {
        throw new IllegalArgumentException(
            "expected parameters with elements but got " + parameter);
      }
    }
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a name of letters, digits, '_', '-' and '.' but got '" + name + "'");
    }
  }

  /** Returns the shape of one input sample. */
  public Shape input() {
    return input;
  }

  /** Returns the shape of one output sample. */
  public Shape output() {
    return output;
  }

  /** Returns the layers in order. */
  public List<NamedLayer> layers() {
    List<NamedLayer> all = layers;
    if (all == null) {
      all = store.first(length);
      layers = all;
    }
    return all;
  }

  /** Returns all parameters under their names in the chain, in the order of the layers. */
  public List<ParameterSpec> parameters() {
    return layers().stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /**
   * Returns what runs all layers.
   *
   * @param fused whether a layer may do the next one's work, so that outputs in between do not come
   *     into being
   */
  public ChainPass pass(LayerContext binding, boolean fused) {
    return new ChainPass(layers(), binding, fused);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Chain chain
        && input.equals(chain.input)
        && layers().equals(chain.layers());
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, layers());
  }

  /** Returns the layers on one line. */
  @Override
  public String toString() {
    return layers().stream()
        .map(layer -> layer.name() + ":" + layer.layer())
        .collect(Collectors.joining(" -> "));
  }
}
