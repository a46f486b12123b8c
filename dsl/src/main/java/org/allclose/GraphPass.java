package org.allclose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.internal.fusion.Fusion;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Graph;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.tensor.Tensor;

/**
 * Runs the layers of a graph in their order, and backward in the opposite one, over batches of one
 * size.
 *
 * <p>Where several layers take an output, its gradient is summed from the last of them to the
 * first, one addition after another; an output of the network counts as taken last of all, a layer
 * that takes the same twice as two, in the order of its inputs. What no gradient reaches is not run
 * backward, and has gradients of 0.
 */
final class GraphPass {
  private final Graph graph;
  private final LayerContext context;
  private final Optional<RoundingErrors> errors;

  /** Whether what each layer gives is looked at: then all of it is computed. */
  private final boolean isObserved;

  private final Ops ops;
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Integer> slots = new HashMap<>();

  /**
   * Of each input and then each layer: what it gives, and the sum of the gradients that have come
   * back to it.
   */
  private final Tensor[] values;

  private final Tensor[] gradients;
  private final Tensor[] sums;

  /**
   * What an input or a layer is trained by: whether anything before or in it has a gradient to be
   * computed.
   */
  private final boolean[] hasGradient;

  private final boolean[] hasParameterGradient;
  private final List<String> outputs;

  /** A layer, or some of which the first one's pass does the work of all. */
  private final class Step {
    private final Node first;
    private final LayerContext own;
    private final int slot;
    private final int[] from;
    private final Pass pass;
    private final List<String> trained;
    private final Tensor[] inputs;
    private final List<Tensor> arguments;
    private List<Tensor> given = List.of();

    Step(Node first, LayerContext own, int slot, Pass pass) {
      this.first = first;
      this.own = own;
      this.slot = slot;
      this.pass = pass;
      from = first.inputs().stream().mapToInt(GraphPass.this::slot).toArray();
      trained =
          first.layer().parameters(first.inputShapes()).stream()
              .filter(parameter -> parameter.role().isTrained())
              .map(ParameterSpec::name)
              .toList();
      inputs = new Tensor[from.length];
      arguments = Arrays.asList(inputs);
    }

    void forward() {
      for (int i = 0; i < from.length; i++) {
        inputs[i] = values[from[i]];
      }
      values[slot] = pass.forward(arguments);
    }

    /** Runs backward as far as the gradients that are wanted; returns those of the inputs. */
    List<Tensor> backward(boolean[] wanted) {
      if (isObserved || isAnyOf(wanted)) {
        return pass.backwardToInputs(gradients[slot]);
      }
      if (!trained.isEmpty()) {
        pass.backwardToParameters(gradients[slot]);
      }
      return List.of();
    }

    /** Sets the gradients of the parameters to 0, where the pass keeps them. */
    void clearGradients() {
      for (int i = 0; i < trained.size(); i++) { // no iterator is made for each batch
        Arrays.fill(own.gradient(trained.get(i)).unwrap(), 0);
      }
    }

    private boolean isAnyOf(boolean[] wanted) {
      for (int input : from) {
        if (wanted[input]) {
          return true;
        }
      }
      return false;
    }

    void release() {
      pass.release();
      Arrays.fill(inputs, Tensor.EMPTY);
      given = List.of();
    }
  }

  /**
   * @param outputs the names of the layers whose outputs are wanted
   * @param isFused whether layers may be computed together, so that outputs in between do not come
   *     into being
   * @param decisions inputs by the names of layers that decide by them
   * @param errors the artificial rounding errors that every result is to be disturbed by, if any
   */
  GraphPass(
      Graph graph,
      List<String> outputs,
      LayerContext context,
      boolean isFused,
      Map<String, Tensor> decisions,
      Optional<RoundingErrors> errors) {
    this.graph = graph;
    this.context = context;
    this.errors = errors;
    isObserved = !isFused;
    this.outputs = outputs;
    ops = Ops.of(context.dtype(), context.threads());
    graph.inputs().forEach(input -> slots.put(input.name(), slots.size()));
    graph.nodes().forEach(node -> slots.put(node.name(), slots.size()));
    values = new Tensor[slots.size()];
    gradients = new Tensor[slots.size()];
    sums = new Tensor[slots.size()];
    hasGradient = new boolean[slots.size()];
    hasParameterGradient = new boolean[slots.size()];
    Arrays.fill(values, Tensor.EMPTY);
    Arrays.fill(gradients, Tensor.EMPTY);
    Arrays.fill(sums, Tensor.EMPTY);
    findGradients();
    Takers takers = new Takers(graph, outputs);
    List<Node> nodes = graph.nodes();
    int end = 0;
    for (int i = 0; i < nodes.size(); ) {
      Node node = nodes.get(i);
      LayerContext own = context.of(node);
      int number = i + 1;
      end = i < end ? end : takers.endOfRun(nodes, i);
      List<Node> run = nodes.subList(i, end);
      Fusion.Fused fused = pass(node, number, () -> fuse(run, own, isFused, decisions));
      i += fused.layers();
      steps.add(new Step(node, own, slot(nodes.get(i - 1).name()), fused.pass()));
    }
  }

  /** Which layers take an output. */
  private record Takers(Map<String, Integer> count) {

    Takers(Graph graph, List<String> outputs) {
      this(new HashMap<>());
      outputs.forEach(name -> count.merge(name, 2, Integer::sum)); // an output is never left out
      graph
          .nodes()
          .forEach(node -> node.inputs().forEach(name -> count.merge(name, 1, Integer::sum)));
    }

    /** Returns the first layer after a given one that is not alone in taking the one before. */
    int endOfRun(List<Node> nodes, int start) {
      int end = start + 1;
      while (end < nodes.size()
          && nodes.get(end).inputs().equals(List.of(nodes.get(end - 1).name()))
          && count.getOrDefault(nodes.get(end - 1).name(), 0) == 1) {
        end++;
      }
      return end;
    }
  }

  /** Returns the number of an input or a layer. */
  private int slot(String name) {
    return Objects.requireNonNull(slots.get(name), name);
  }

  private void findGradients() {
    for (Graph.Input input : graph.inputs()) {
      hasGradient[slot(input.name())] = !input.isTokens();
    }
    for (Node node : graph.nodes()) {
      int slot = slot(node.name());
      boolean trained = isTrained(node);
      hasGradient[slot] = trained;
      hasParameterGradient[slot] = trained;
      for (String input : node.inputs()) {
        hasGradient[slot] |= hasGradient[slot(input)];
        hasParameterGradient[slot] |= hasParameterGradient[slot(input)];
      }
    }
  }

  private static boolean isTrained(Node node) {
    return node.parameters().stream().anyMatch(parameter -> parameter.role().isTrained());
  }

  private Fusion.Fused fuse(
      List<Node> run, LayerContext own, boolean isFused, Map<String, Tensor> decisions) {
    Optional<Fusion.Fused> together =
        isFused && decisions.isEmpty() && errors.isEmpty() ? Fusion.of(run, own) : Optional.empty();
    return together.orElseGet(() -> new Fusion.Fused(single(run.get(0), own, decisions), 1));
  }

  private Pass single(Node node, LayerContext own, Map<String, Tensor> decisions) {
    Pass plain = node.layer().pass(own);
    Tensor decisive = decisions.get(node.name());
    Pass decided = decisive == null ? plain : new DecidedPass(plain, decisive);
    return errors
        .filter(some -> !graph.isTokens(node.name())) // whole numbers stay what they are
        .<Pass>map(some -> new DisturbedPass(node, decided, own, some))
        .orElse(decided);
  }

  /** Makes a pass, or says which layer's there cannot be. */
  private Fusion.Fused pass(Node node, int number, Supplier<Fusion.Fused> maker) {
    try {
      node.output().prepend(context.batch()); // a batch of outputs is to fit an array, first of all
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "layer " + number + " '" + node.name() + "': " + e.getMessage(), e);
    }
  }

  /**
   * Computes what all layers give.
   *
   * @param inputs a batch of each input, in order; not modified
   */
  void forward(List<Tensor> inputs) {
    for (int i = 0; i < graph.inputs().size(); i++) {
      values[i] = inputs.get(i);
    }
    for (int i = 0; i < steps.size(); i++) { // no iterator is made for each batch
      steps.get(i).forward();
    }
  }

  /**
   * Returns what a layer or an input gave in the latest forward pass; nothing is there of layers
   * that were fused.
   */
  Tensor value(String name) {
    return values[slot(name)];
  }

  /** Returns copies of what all layers gave, by their names, in order; wants no layers fused. */
  Map<String, Tensor> outputs() {
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    for (Step step : steps) {
      outputs.put(step.first.name(), values[step.slot].copy());
    }
    return outputs;
  }

  /**
   * Computes the gradients of parameters and inputs.
   *
   * @param upstream the gradients of outputs by their names; not modified
   */
  void backward(Map<String, Tensor> upstream) {
    backward(upstream, hasGradient);
  }

  /** Computes the gradients of parameters alone. */
  void backwardToParameters(Map<String, Tensor> upstream) {
    backward(upstream, hasParameterGradient);
  }

  /**
   * Returns copies of the gradients that layers gave to their inputs in the latest backward pass,
   * in the layers' order: under the layer's name, or, if it has several inputs, {@code name[0]},
   * {@code name[1]}, ... Wants no layers fused.
   */
  Map<String, Tensor> inputGradients() {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (Step step : steps) {
      List<String> places = step.first.inputPlaces();
      for (int i = 0; i < step.given.size(); i++) {
        if (step.given.get(i).size() > 0) { // tokens have none
          ordered.put(places.get(i), step.given.get(i).copy());
        }
      }
    }
    return ordered;
  }

  private void backward(Map<String, Tensor> upstream, boolean[] wanted) {
    Arrays.fill(gradients, Tensor.EMPTY);
    for (int i = 0; i < outputs.size(); i++) {
      Tensor gradient = upstream.get(outputs.get(i));
      if (gradient != null) {
        gradients[slot(outputs.get(i))] = gradient;
      }
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      if (gradients[step.slot].size() == 0) {
        step.clearGradients();
        step.given = List.of();
        continue;
      }
      step.given = step.backward(wanted);
      for (int input = step.given.size() - 1; input >= 0; input--) {
        addGradient(step.from[input], step.given.get(input), wanted);
      }
    }
  }

  private void addGradient(int slot, Tensor part, boolean[] wanted) {
    if (!wanted[slot]) {
      return;
    }
    Tensor before = gradients[slot];
    if (before.size() == 0) {
      gradients[slot] = part;
      return;
    }
    if (sums[slot].size() == 0) {
      sums[slot] = Tensor.zeros(part.shape());
    }
    ops.add(before, part, sums[slot]);
    gradients[slot] = sums[slot];
    if (errors.isPresent()) {
      DisturbedPass.disturbSum(errors.get(), nameOf(slot), before, part, sums[slot]);
    }
  }

  private String nameOf(int slot) {
    int inputs = graph.inputs().size();
    return slot < inputs
        ? graph.inputs().get(slot).name()
        : graph.nodes().get(slot - inputs).name();
  }

  /**
   * Returns the gradient of an input after the latest backward pass to all; 0 where nothing came
   * back to it.
   */
  Tensor inputGradient(Graph.Input input) {
    int slot = slot(input.name());
    if (gradients[slot].size() == 0) {
      if (sums[slot].size() == 0) {
        sums[slot] = context.newBatch(input.shape());
      }
      Arrays.fill(sums[slot].unwrap(), 0);
      return sums[slot];
    }
    return gradients[slot];
  }

  /** Lets go of all that the caller gave: nothing of it can be reached from here afterwards. */
  void release() {
    steps.forEach(Step::release);
    Arrays.fill(values, Tensor.EMPTY);
    Arrays.fill(gradients, Tensor.EMPTY);
  }
}
