package org.allclose.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of chains that grew from one another: each chain has the first few of them, and the
 * longest one can grow without a copy. Safe for use by many threads.
 */
final class LayerStore {
  private final List<NamedLayer> layers = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Kind> kinds = new HashMap<>();

  /** How many layers of a kind there are, and the first number after that with a name not taken. */
  private static final class Kind {
    private long count;
    private long free;
  }

  /** Returns a store that ends with the layer of the given number: this one, or a copy. */
  synchronized LayerStore endingAt(int length) {
    if (layers.size() == length) {
      return this;
    }
    LayerStore copy = new LayerStore();
    first(length).forEach(copy::add);
    return copy;
  }

  /** Returns the first layers. */
  synchronized List<NamedLayer> first(int length) {
    return List.copyOf(layers.subList(0, length));
  }

  /** Returns the name of a layer without one: its kind and its number among its kind. */
  synchronized String nextName(Layer layer) {
    Kind kind = kinds.computeIfAbsent(layer.type(), type -> new Kind());
    // Between the count and the number found last none is free, and none becomes so.
    kind.free = Math.max(kind.count + 1, kind.free);
    while (numbers.containsKey(layer.namePrefix() + kind.free)) {
      kind.free++;
    }
    return layer.namePrefix() + kind.free;
  }

  /**
   * Adds a layer after those of a chain.
   *
   * @return this, or, if another chain has grown from here meanwhile, a copy
   * @throws IllegalArgumentException if a layer before has its name
   */
  synchronized LayerStore append(int length, NamedLayer layer) {
    LayerStore target = endingAt(length);
    Integer taken = target.numbers.get(layer.name());
    if (taken != null) {
      throw new IllegalArgumentException(
          "expected a name not used yet but layer " + taken + " has it");
    }
    target.add(layer);
    return target;
  }

  private void add(NamedLayer layer) {
    layers.add(layer);
    numbers.put(layer.name(), layers.size());
    kinds.computeIfAbsent(layer.layer().type(), type -> new Kind()).count++;
  }
}
