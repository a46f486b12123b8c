package org.allclose.layer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layers of graphs that grew from one another: each graph has the first few of them, and the
 * longest one can grow without a copy. Safe for use by many threads.
 */
final class NodeStore {
  private final List<Node> nodes = new ArrayList<>();
  private final List<List<String>> kindsInOrder = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Kind> kinds = new HashMap<>();

  /** How many layers of a kind there are, and the first number after that with a name not taken. */
  private static final class Kind {
    private long count;
    private long free;
  }

  /** Returns a store that ends with the layer of the given number: this one, or a copy. */
  synchronized NodeStore endingAt(int length) {
    if (nodes.size() == length) {
      return this;
    }
    NodeStore copy = new NodeStore();
    for (int i = 0; i < length; i++) {
      copy.add(nodes.get(i), kindsInOrder.get(i));
    }
    return copy;
  }

  /** Returns the first layers. */
  synchronized List<Node> first(int length) {
    return List.copyOf(nodes.subList(0, length));
  }

  /** Returns one of the first layers by its name, if there is one. */
  synchronized Optional<Node> find(String name, int length) {
    return Optional.ofNullable(numbers.get(name))
        .filter(number -> number <= length)
        .map(number -> nodes.get(number - 1));
  }

  /**
   * Returns the name of a layer without one: its kind and its number among its kind.
   *
   * @param kind what is counted
   * @param prefix what the number is put behind
   */
  synchronized String nextName(String kind, String prefix) {
    Kind own = kinds.computeIfAbsent(kind, name -> new Kind());
    // Between the count and the number found last none is free, and none becomes so.
    own.free = Math.max(own.count + 1, own.free);
    while (numbers.containsKey(prefix + own.free)) {
      own.free++;
    }
    return prefix + own.free;
  }

  /**
   * Adds a layer after those of a graph.
   *
   * @param kindsOfNode what it is counted as
   * @return this, or, if another graph has grown from here meanwhile, a copy
   * @throws IllegalArgumentException if a layer before has its name
   */
  synchronized NodeStore append(int length, Node node, List<String> kindsOfNode) {
    NodeStore target = endingAt(length);
    Integer taken = target.numbers.get(node.name());
    if (taken != null) {
      throw new IllegalArgumentException(
          "expected a name not used yet but layer " + taken + " has it");
    }
    target.add(node, kindsOfNode);
    return target;
  }

  private void add(Node node, List<String> kindsOfNode) {
    nodes.add(node);
    kindsInOrder.add(kindsOfNode);
    numbers.put(node.name(), nodes.size());
    kindsOfNode.forEach(kind -> kinds.computeIfAbsent(kind, name -> new Kind()).count++);
  }
}
