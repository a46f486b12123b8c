package org.allclose.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.allclose.internal.message.Excerpt;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * Named layers, each of which takes the outputs of some before it: what a network is without its
 * loss.
 *
 * <p>Immutable. The layers' shapes fit, since each was checked when it was added; a layer can take
 * only what is there already, so that there are no cycles and the order of the layers is one in
 * which they can be computed.
 */
public final class Graph {

  /** What the one input of a network is called. */
  public static final String INPUT = "input";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");

  private final List<Input> inputs;
  private final NodeStore store;
  private final int length;
  private final String scope;
  private final String end;
  private volatile List<Node> nodes = List.of(); // until it is asked for

  /**
   * What a network is given.
   *
   * @param name its name, unique among inputs and layers
   * @param shape the shape of one sample
   * @param isTokens whether its values are whole numbers, which have no gradient
   */
  public record Input(String name, Shape shape, boolean isTokens) {

    /**
     * @throws IllegalArgumentException if the name is unfit, or there is no axis or one of length 0
     */
    public Input {
      checkName(name);
      if (shape.rank() == 0 || shape.size() == 0) {
        throw new IllegalArgumentException(
            name + ": expected axes of at least length 1 but got shape " + shape);
      }
    }

    @Override
    public String toString() {
      return name + (isTokens ? ":tokens" : "") + shape;
    }
  }

  private Graph(List<Input> inputs, NodeStore store, int length, String scope, String end) {
    this.inputs = inputs;
    this.store = store;
    this.length = length;
    this.scope = scope;
    this.end = end;
  }

  /**
   * Returns a graph without layers for one input, called {@value #INPUT}.
   *
   * @throws IllegalArgumentException if the shape has no axis or one of length 0
   */
  public static Graph of(Shape input) {
    return of(List.of(new Input(INPUT, input, false)));
  }

  /**
   * Returns a graph without layers for several inputs; the first layer takes the first of them,
   * unless it says otherwise.
   *
   * @throws IllegalArgumentException if there is no input, or two have the same name
   */
  public static Graph of(List<Input> inputs) {
    List<String> names = inputs.stream().map(Input::name).toList();
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "inputs: expected at least one, each of another name, but got " + names);
    }
    return new Graph(List.copyOf(inputs), new NodeStore(), 0, "", names.get(0));
  }

  /**
   * Returns this graph and one layer more that takes the output of the one before, or of that of
   * {@link #from}; a {@linkplain Layer#isSource source} takes nothing.
   *
   * <p>Graphs that grow from one another share what they have in common, so that one of many layers
   * is built in time.
   *
   * @param name its name; if there is none, its kind and its number among its kind
   * @param maker makes the layer here and now, so that what is wrong with it is told with its place
   * @throws ShapeMismatchException if the layer cannot take the output
   * @throws IllegalArgumentException if the name is taken or unfit, or the layer's settings are
   */
  public Graph append(Optional<String> name, Supplier<? extends Layer> maker) {
    return append(name, layer -> layer.isSource() ? List.of() : List.of(end), maker, List.of());
  }

  /**
   * Returns this graph and one layer more.
   *
   * @param name its name; if there is none, its kind and its number among its kind
   * @param takes the names of the layers or inputs it takes; if there is none, it takes nothing
   * @param maker makes the layer here and now, so that what is wrong with it is told with its place
   * @throws ShapeMismatchException if the layer cannot take the outputs
   * @throws IllegalArgumentException if the name is taken or unfit, there is nothing of a name that
   *     it takes, or the layer's settings are unfit
   */
  public Graph append(Optional<String> name, List<String> takes, Supplier<? extends Layer> maker) {
    return append(name, layer -> takes.stream().map(this::resolve).toList(), maker, List.of());
  }

  /**
   * @param takes returns the full names of what a layer takes
   * @param blocks what the layer is counted as besides its own kind
   */
  private Graph append(
      Optional<String> name,
      Function<Layer, List<String>> takes,
      Supplier<? extends Layer> maker,
      List<String> blocks) {
    String place = place(name.map(given -> scope + given));
    try {
      Layer layer = maker.get();
      NodeStore longer = store.endingAt(length);
      List<String> kinds = new ArrayList<>(List.of(scope + layer.type().name()));
      kinds.addAll(blocks);
      String full =
          name.map(given -> scope + given)
              .orElseGet(() -> longer.nextName(kinds.get(0), scope + layer.namePrefix()));
      place = place(Optional.of(full));
      checkFree(full);
      List<String> taken = takes.apply(layer);
      List<Shape> shapes = taken.stream().map(this::shape).toList();
      Node node = new Node(full, layer, taken, shapes, layer.outputShape(shapes));
      checkTokens(layer, taken);
      checkSizes(node);
      return new Graph(inputs, longer.append(length, node, kinds), length + 1, scope, full);
    } catch (ShapeMismatchException e) {
      throw new ShapeMismatchException(place + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }

  private String place(Optional<String> name) {
    return "layer " + (length + 1) + name.map(given -> " '" + given + "': ").orElse(": ");
  }

  /**
   * Returns the same graph whose next layer takes the output of an earlier layer, or an input.
   *
   * @throws IllegalArgumentException if there is nothing of this name
   */
  public Graph from(String name) {
    try {
      return new Graph(inputs, store, length, scope, resolve(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("from '" + name + "': " + e.getMessage(), e);
    }
  }

  /**
   * Returns the same graph whose next layers are those of a block: their names start with the
   * block's, {@code block/dense1}.
   *
   * @param block its name; if there is none, {@code prefix} and its number
   */
  public Graph begin(Optional<String> block, String prefix) {
    String name =
        block
            .map(given -> scope + given)
            .orElseGet(() -> store.endingAt(length).nextName(scope + prefix, scope + prefix));
    checkFree(name);
    return new Graph(inputs, store, length, name + "/", end);
  }

  /**
   * Returns this block's graph, to go on behind the block's last layer.
   *
   * @param outer the graph before {@link #begin}
   * @param kind what the block is called in errors
   * @throws IllegalArgumentException if this graph has not grown from such a block
   */
  public Graph end(Graph outer, String kind) {
    if (!scope.startsWith(outer.scope)
        || scope.length() <= outer.scope.length()
        || length < outer.length
        || !store.first(outer.length).equals(outer.nodes())) {
      throw new IllegalArgumentException(
          kind + ": expected layers that were added to the block's own builder but got others");
    }
    return new Graph(inputs, store, length, outer.scope, end);
  }

  /**
   * Returns this block's graph with the layer that ends it, which has the block's name.
   *
   * @param outer the graph before {@link #begin}
   * @param kind what blocks are numbered by
   * @param takes the full names of the layers or inputs that the layer takes
   * @throws ShapeMismatchException if what the layer takes is not of one shape
   * @throws IllegalArgumentException if this graph has not grown from such a block
   */
  public Graph end(Graph outer, String kind, List<String> takes, Supplier<? extends Layer> maker) {
    Graph whole = end(outer, kind);
    String name = scope.substring(outer.scope.length(), scope.length() - 1);
    List<Shape> shapes = takes.stream().map(whole::shape).toList();
    if (shapes.stream().distinct().count() > 1) {
      throw new ShapeMismatchException(
          whole.place(Optional.of(outer.scope + name))
              + "expected inputs of one shape but got "
              + shapes);
    }
    return whole.append(Optional.of(name), layer -> takes, maker, List.of(outer.scope + kind));
  }

  private String resolve(String name) {
    if (isKnown(scope + name)) {
      return scope + name;
    }
    if (isKnown(name)) {
      return name;
    }
    List<String> known = new ArrayList<>(inputs.stream().map(Input::name).toList());
    known.addAll(nodes().stream().map(Node::name).toList());
    throw new IllegalArgumentException(
        "expected an input or a layer before, one of "
            + Excerpt.of(known)
            + ", but got '"
            + name
            + "'");
  }

  private boolean isKnown(String name) {
    return input(name).isPresent() || store.find(name, length).isPresent();
  }

  private Shape shape(String name) {
    return input(name)
        .map(Input::shape)
        .orElseGet(() -> store.find(name, length).orElseThrow().output());
  }

  /** Returns whether what a name stands for is of tokens. */
  public boolean isTokens(String name) {
    return input(name)
        .map(Input::isTokens)
        .orElseGet(() -> store.find(name, length).filter(this::movesTokens).isPresent());
  }

  private boolean movesTokens(Node node) {
    return node.layer().movesTokens() && isTokens(node.inputs().get(0));
  }

  /** Returns the input of a name. */
  public Optional<Input> input(String name) {
    return inputs.stream().filter(input -> input.name().equals(name)).findFirst();
  }

  /** Returns the layer of a name. */
  public Optional<Node> node(String name) {
    return store.find(name, length);
  }

  /** Returns the shape of one sample of what a name stands for. */
  public Shape shapeOf(String name) {
    return shape(resolve(name));
  }

  /** Refuses tokens where a layer takes values, and values where it takes tokens. */
  private void checkTokens(Layer layer, List<String> taken) {
    boolean moved = layer.movesTokens() && isTokens(taken.get(0));
    for (int i = 0; i < taken.size(); i++) {
      boolean wanted = moved || layer.takesTokens(i, taken.size());
      if (isTokens(taken.get(i)) != wanted) {
        throw new IllegalArgumentException(
            "expected "
                + (wanted ? "tokens, whole numbers," : "values")
                + " but got '"
                + taken.get(i)
                + "' of "
                + (wanted ? "values" : "tokens, whole numbers"));
      }
    }
  }

  /** Refuses parameters with more elements than an array can have. */
  private static void checkSizes(Node node) {
    for (ParameterSpec parameter : node.parameters()) {
      if (parameter.shape().size() == 0) {
        throw new IllegalArgumentException(
            "expected parameters with elements but got " + parameter);
      }
    }
  }

  private void checkFree(String name) {
    checkName(name);
    if (input(name).isPresent()) {
      throw new IllegalArgumentException("expected a name not used yet but an input has it");
    }
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "expected a name of letters, digits, '_', '-' and '.' but got '" + name + "'");
    }
  }

  /** Returns what the network is given. */
  public List<Input> inputs() {
    return inputs;
  }

  /** Returns the shape of one sample of the first input. */
  public Shape input() {
    return inputs.get(0).shape();
  }

  /**
   * Returns the name of the layer or input whose output the next layer takes: the last one, unless
   * said otherwise.
   */
  public String end() {
    return end;
  }

  /** Returns the shape of one sample of what the next layer takes. */
  public Shape output() {
    return shape(end);
  }

  /** Returns the layers in order. */
  public List<Node> nodes() {
    List<Node> all = nodes;
    if (all.size() != length) {
      all = store.first(length);
      nodes = all;
    }
    return all;
  }

  /** Returns all parameters under their names in the network, in the order of the layers. */
  public List<ParameterSpec> parameters() {
    return nodes().stream().flatMap(node -> node.parameters().stream()).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Graph graph
        && inputs.equals(graph.inputs)
        && nodes().equals(graph.nodes());
  }

  @Override
  public int hashCode() {
    return Objects.hash(inputs, nodes());
  }

  /** Returns the layers on one line; those that do not take the one before with what they take. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    String before = inputs.get(0).name();
    for (Node node : nodes()) {
      text.append(text.isEmpty() ? "" : " -> ")
          .append(node.name())
          .append(':')
          .append(node.layer());
      if (!node.inputs().equals(List.of(before))) {
        text.append(" of ")
            .append(node.inputs().isEmpty() ? "nothing" : String.join(" and ", node.inputs()));
      }
      before = node.name();
    }
    return text.toString();
  }
}
