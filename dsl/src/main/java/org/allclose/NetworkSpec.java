package org.allclose;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.allclose.init.Initializer;
import org.allclose.internal.message.Excerpt;
import org.allclose.layer.Graph;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Loss;
import org.allclose.loss.WeightedLoss;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * What a network is: the shapes of its inputs, its layers and what each takes, its outputs, its
 * loss and its regularization.
 *
 * <p>Immutable; made by {@link Network#input}. It holds no parameters: {@link #bind} does.
 */
public final class NetworkSpec {

  /** The strength of L2 regularization where nothing is said: none. */
  public static final double DEFAULT_L2 = 0.0;

  private final Graph graph;
  private final List<String> outputs;
  private final List<WeightedLoss> losses;
  private final double l2;
  private final Shape output;

  private NetworkSpec(Graph graph, List<String> outputs, List<WeightedLoss> losses, double l2) {
    this.graph = graph;
    this.outputs = outputs;
    this.losses = losses;
    this.l2 = l2;
    output = graph.shapeOf(outputs.get(0));
  }

  /**
   * Returns the network that gives the last output of a graph, without a loss.
   *
   * @throws IllegalArgumentException if nothing takes the output of a layer, or an input
   */
  public static NetworkSpec of(Graph graph) {
    return of(graph, List.of(graph.end()));
  }

  /**
   * Returns the network of a graph, without a loss.
   *
   * @param outputs the names of the layers whose outputs it gives, the scores first
   * @throws IllegalArgumentException if one is not a layer or an input, or is named twice, or
   *     nothing takes the output of another layer, or an input
   */
  public static NetworkSpec of(Graph graph, List<String> outputs) {
    List<String> names = List.copyOf(requireOutputs(graph, outputs));
    requireUsed(graph, names);
    return new NetworkSpec(graph, names, List.of(), DEFAULT_L2);
  }

  static List<String> requireOutputs(Graph graph, List<String> names) {
    if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException(
          "outputs: expected at least one layer, each once, but got " + names);
    }
    for (String name : names) {
      if (graph.node(name).isEmpty() && graph.input(name).isEmpty()) {
        throw new IllegalArgumentException(
            "outputs: expected one of "
                + Excerpt.of(graph.nodes().stream().map(Node::name).toList())
                + " but got '"
                + name
                + "'");
      }
    }
    return names;
  }

  private static void requireUsed(Graph graph, List<String> outputs) {
    Set<String> used = new LinkedHashSet<>(outputs);
    graph.nodes().forEach(node -> used.addAll(node.inputs()));
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (!used.contains(graph.nodes().get(i).name())) {
        throw new IllegalArgumentException(
            "layer "
                + (i + 1)
                + " '"
                + graph.nodes().get(i).name()
                + "': expected a layer that takes its output, or that it is an output of the"
                + " network, but got neither");
      }
    }
    for (Graph.Input input : graph.inputs()) {
      if (!used.contains(input.name())) {
        throw new IllegalArgumentException(
            "input '" + input.name() + "': expected a layer that takes it but got none");
      }
    }
  }

  /**
   * Returns the same network with a loss of its scores, the first output.
   *
   * @throws ShapeMismatchException if the loss cannot be taken of the scores
   */
  public NetworkSpec withLoss(Loss newLoss) {
    return withLoss(newLoss, outputs.get(0));
  }

  /**
   * Returns the same network with a loss of one of its outputs, in place of any it has.
   *
   * @throws ShapeMismatchException if the loss cannot be taken of the output
   * @throws IllegalArgumentException if there is no such output
   */
  public NetworkSpec withLoss(Loss newLoss, String output) {
    return withLosses(List.of(new WeightedLoss(output, newLoss, WeightedLoss.DEFAULT_WEIGHT)));
  }

  /**
   * Returns the same network with losses of some of its outputs, in place of those it has: the loss
   * is {@code w[0] * loss[0] + w[1] * loss[1] + ...}, added one after another, then the
   * regularization. The gradient of an output is that of its loss times the weight.
   *
   * @throws ShapeMismatchException if a loss cannot be taken of its output
   * @throws IllegalArgumentException if there is no loss, no such output, or an output has two
   */
  public NetworkSpec withLosses(List<WeightedLoss> newLosses) {
    Set<String> taken = new LinkedHashSet<>();
    for (WeightedLoss newLoss : newLosses) {
      requireScores(newLoss.loss(), newLoss.output());
      if (!taken.add(newLoss.output())) {
        throw new IllegalArgumentException(
            "loss '"
                + newLoss.loss().type()
                + "': expected an output without a loss but got '"
                + newLoss.output()
                + "' again");
      }
    }
    if (taken.isEmpty()) {
      throw new IllegalArgumentException("losses: expected at least one but got none");
    }
    return new NetworkSpec(graph, outputs, List.copyOf(newLosses), l2);
  }

  private void requireScores(Loss newLoss, String output) {
    String place = "loss '" + newLoss.type() + "': ";
    if (!outputs.contains(output)) {
      throw new IllegalArgumentException(
          place + "expected one of the outputs " + outputs + " but got '" + output + "'");
    }
    try {
      newLoss.checkScores(graph.shapeOf(output));
    } catch (ShapeMismatchException e) {
      throw new ShapeMismatchException(place + e.getMessage());
    }
  }

  /**
   * Returns the same network with L2 regularization: {@code 0.5 * strength * sum(W * W)} is added
   * to the loss for each weight.
   *
   * @param strength finite, at least 0; 0 is none
   * @throws IllegalArgumentException if it is not
   */
  public NetworkSpec withL2(double strength) {
    if (!(strength >= 0) || Double.isInfinite(strength)) {
      throw new IllegalArgumentException(
          "l2: expected a finite strength of at least 0 but got " + strength);
    }
    return new NetworkSpec(graph, outputs, losses, strength + 0.0);
  }

  /** Returns the layers and what each takes, with the inputs. */
  public Graph graph() {
    return graph;
  }

  /** Returns what the network is given. */
  public List<Graph.Input> inputs() {
    return graph.inputs();
  }

  /** Returns the shape of one sample of the first input. */
  public Shape input() {
    return graph.input();
  }

  /** Returns the names of what the network gives, the scores first. */
  public List<String> outputs() {
    return outputs;
  }

  /** Returns the shape of one sample's scores, the first output. */
  public Shape output() {
    return output;
  }

  /**
   * Returns the name of the output that the loss, or the first of several, is taken of; without a
   * loss, the first output.
   */
  public String scored() {
    return losses.isEmpty() ? outputs.get(0) : losses.get(0).output();
  }

  /** Returns the layers in order. */
  public List<Node> layers() {
    return graph.nodes();
  }

  /** Returns the loss, or the first of several, if there is one. */
  public Optional<Loss> loss() {
    return losses.stream().map(WeightedLoss::loss).findFirst();
  }

  /** Returns all losses, in the order in which they are added up; nothing if there is none. */
  public List<WeightedLoss> losses() {
    return losses;
  }

  /** Returns the strength of L2 regularization; 0 is none. */
  public double l2() {
    return l2;
  }

  /** Returns all parameters under their names in the network, in the order of the layers. */
  public List<ParameterSpec> parameters() {
    return graph.parameters();
  }

  /**
   * Returns the network with the given parameters, copied.
   *
   * @throws IllegalArgumentException if a parameter is missing, or a tensor is not used
   * @throws ShapeMismatchException if a tensor does not have its parameter's shape
   */
  public Network bind(WeightSource source) {
    List<ParameterSpec> wanted = parameters();
    checkNames(source, wanted.stream().map(ParameterSpec::name).toList());
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (ParameterSpec parameter : wanted) {
      Tensor value = source.get(parameter.name());
      if (!value.shape().equals(parameter.shape())) {
        throw new ShapeMismatchException(
            source.description()
                + "!"
                + parameter.name()
                + ": expected shape "
                + parameter.shape()
                + " but got "
                + value.shape());
      }
      values.put(parameter.name(), value);
    }
    return new Network(this, Parameters.of(values));
  }

  /**
   * Returns the network with new parameters, drawn layer after layer.
   *
   * <p>Weights start as the initializer says, unless their layer has one of its own; biases start
   * at 0, the scales of normalizations at 1, running means at 0 and running variances at 1.
   *
   * @param random the stream that is drawn from; moves on
   * @param weights how weights start
   */
  public Network initialize(RandomGenerator random, Initializer weights) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (ParameterSpec parameter : parameters()) {
      Initializer initializer = parameter.start().orElse(weights);
      Shape shape = parameter.shape();
      values.put(parameter.name(), initializer.initialize(shape, parameter.fans(), random));
    }
    return new Network(this, Parameters.of(values));
  }

  private static void checkNames(WeightSource source, List<String> wanted) {
    Set<String> missing = new LinkedHashSet<>(wanted);
    missing.removeAll(source.names());
    Set<String> unused = new LinkedHashSet<>(source.names());
    wanted.forEach(unused::remove);
    if (!missing.isEmpty() || !unused.isEmpty()) {
      throw new IllegalArgumentException(
          source.description()
              + ": expected parameters "
              + Excerpt.of(wanted)
              + " but got "
              + Excerpt.of(source.names())
              + (missing.isEmpty() ? "" : "; missing " + Excerpt.of(missing))
              + (unused.isEmpty() ? "" : "; unused " + Excerpt.of(unused)));
    }
  }

  /**
   * Checks a batch of the one input and returns the number of its samples.
   *
   * @param x shape (n, ...)
   * @throws ShapeMismatchException if its samples do not have the input's shape, or there is none
   * @throws IllegalStateException if the network has several inputs
   */
  public int batchSize(Tensor x) {
    requireOneInput();
    int size = batchSize("x", input(), x);
    if (inputs().get(0).isTokens()) {
      requireTokens("x", x);
    }
    return size;
  }

  /**
   * Returns a checked batch of the one input by the input's name.
   *
   * @param x shape (n, ...); not copied
   * @throws ShapeMismatchException if x does not have the input's shape
   * @throws IllegalArgumentException if there are several inputs, or tokens are not whole numbers
   */
  public Map<String, Tensor> inputs(Tensor x) {
    batchSize(x);
    return Map.of(inputs().get(0).name(), x);
  }

  /**
   * Checks a batch of all inputs and returns the number of its samples.
   *
   * @param batches by the inputs' names, shapes (n, ...)
   * @throws ShapeMismatchException if samples do not have their input's shape, or there is none, or
   *     another number of them for one input than for another
   * @throws IllegalArgumentException if an input is missing, or there is one more, or tokens are
   *     not whole numbers
   */
  public int batchSize(Map<String, Tensor> batches) {
    int size = 0;
    for (int i = 0; i < inputs().size(); i++) { // no iterator is made for each batch
      Graph.Input input = inputs().get(i);
      Tensor batch = batches.get(input.name());
      if (batch == null || batches.size() != inputs().size()) {
        throw new IllegalArgumentException(
            "inputs: expected "
                + Excerpt.of(inputs().stream().map(Graph.Input::name).toList())
                + " but got "
                + Excerpt.of(batches.keySet()));
      }
      int own = batchSize(input.name(), input.shape(), batch);
      if (size != 0 && own != size) {
        throw new ShapeMismatchException(
            input.name() + ": expected " + size + " samples but got " + own);
      }
      size = own;
      if (input.isTokens()) {
        requireTokens(input.name(), batch);
      }
    }
    return size;
  }

  static void requireTokens(String name, Tensor batch) {
    for (double value : batch.unwrap()) {
      if (!(value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value))) {
        throw new IllegalArgumentException(
            name + ": expected tokens, whole numbers from 0, but got " + value);
      }
    }
  }

  void requireOneInput() {
    if (inputs().size() != 1) {
      throw new IllegalStateException(
          "x: expected a network of one input but got one of "
              + inputs().stream().map(Graph.Input::name).toList());
    }
  }

  private static int batchSize(String name, Shape sample, Tensor batch) {
    Shape shape = batch.shape();
    if (!shape.isBatchOf(sample)) {
      throw new ShapeMismatchException(
          name + ": expected shape " + NetworkSummary.batchOf(sample) + " but got " + shape);
    }
    if (shape.axis(0) == 0) {
      throw new ShapeMismatchException(
          name + ": expected at least 1 sample but got shape " + shape);
    }
    return shape.axis(0);
  }

  /** Returns a table of the layers, their output shapes and numbers of parameters. */
  public String summary() {
    return NetworkSummary.of(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkSpec spec
        && graph.equals(spec.graph)
        && outputs.equals(spec.outputs)
        && losses.equals(spec.losses)
        && l2 == spec.l2;
  }

  @Override
  public int hashCode() {
    return Objects.hash(graph, outputs, losses, l2);
  }

  /** Returns the network on one line. */
  @Override
  public String toString() {
    boolean isPlain = outputs.equals(List.of(lastName()));
    return inputText()
        + (layers().isEmpty() ? "" : " -> " + graph)
        + (isPlain ? "" : " -> outputs " + String.join(", ", outputs))
        + (losses.isEmpty() ? "" : " -> " + lossText())
        + (l2 == 0 ? "" : " + l2(" + l2 + ")");
  }

  private String inputText() {
    List<Graph.Input> all = inputs();
    return all.size() == 1 && all.get(0).name().equals(Graph.INPUT) && !all.get(0).isTokens()
        ? Graph.INPUT + input()
        : "inputs " + String.join(", ", all.stream().map(Graph.Input::toString).toList());
  }

  private String lossText() {
    boolean isOne = losses.size() == 1 && scored().equals(outputs.get(0));
    return losses.stream()
        .map(value -> value + " loss" + (isOne ? "" : " of " + value.output()))
        .collect(Collectors.joining(" + "));
  }

  private String lastName() {
    return layers().isEmpty() ? graph.end() : layers().get(layers().size() - 1).name();
  }
}
