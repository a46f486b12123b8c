package org.allclose.layer;

import java.util.ArrayList;
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
  private final List<NamedLayer> layers;

  private Chain(Shape input, List<NamedLayer> layers) {
    this.input = input;
    this.layers = List.copyOf(layers);
  }

  /** Returns a chain without layers for inputs of the given shape. */
  public static Chain of(Shape input) {
    return new Chain(input, List.of());
  }

  /**
   * Returns this chain and one layer more.
   *
   * @param givenName its name; if there is none, its kind and its number among its kind
   * @param maker makes the layer here and now, so that what is wrong with it is told with its place
   * @throws ShapeMismatchException if the layer cannot take the output of the one before
   * @throws IllegalArgumentException if the name is taken or unfit, or the layer's settings are
   */
  public Chain append(Optional<String> givenName, Supplier<? extends Layer> maker) {
    int number = layers.size() + 1;
    String place = "layer " + number + givenName.map(given -> " '" + given + "': ").orElse(": ");
    try {
      Layer layer = maker.get();
      String name = givenName.orElseGet(() -> nextName(layer));
      place = "layer " + number + " '" + name + "': ";
      checkName(name);
      List<NamedLayer> longer = new ArrayList<>(layers);
      NamedLayer named = new NamedLayer(name, layer, output(), layer.outputShape(output()));
      checkSizes(named);
      longer.add(named);
      return new Chain(input, longer);
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

  private void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a name of letters, digits, '_', '-' and '.' but got '" + name + "'");
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).name().equals(name)) {
        throw new IllegalArgumentException(
            "expected a name not used yet but layer " + (i + 1) + " has it");
      }
    }
  }

  private String nextName(Layer layer) {
    long number =
        1 + layers.stream().filter(other -> other.layer().type().equals(layer.type())).count();
    while (isTaken(layer.namePrefix() + number)) {
      number++;
    }
    return layer.namePrefix() + number;
  }

  private boolean isTaken(String name) {
    return layers.stream().anyMatch(layer -> layer.name().equals(name));
  }

  /** Returns the shape of one input sample. */
  public Shape input() {
    return input;
  }

  /** Returns the shape of one output sample. */
  public Shape output() {
    return layers.isEmpty() ? input : layers.get(layers.size() - 1).output();
  }

  /** Returns the layers in order. */
  public List<NamedLayer> layers() {
    return layers;
  }

  /** Returns all parameters under their names in the chain, in the order of the layers. */
  public List<ParameterSpec> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
  }

  /**
   * Returns what runs all layers.
   *
   * @param fused whether a layer may do the next one's work, so that outputs in between do not come
   *     into being
   */
  public ChainPass pass(Binding binding, boolean fused) {
    return new ChainPass(layers, binding, fused);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Chain chain && input.equals(chain.input) && layers.equals(chain.layers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, layers);
  }

  /** Returns the layers on one line. */
  @Override
  public String toString() {
    return layers.stream()
        .map(layer -> layer.name() + ":" + layer.layer())
        .collect(Collectors.joining(" -> "));
  }
}
