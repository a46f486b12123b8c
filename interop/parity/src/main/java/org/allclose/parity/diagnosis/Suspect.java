package org.allclose.parity.diagnosis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.Parameters;
import org.allclose.internal.trace.LayerTrace;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.Node;
import org.allclose.parity.recording.RecordedCase;
import org.allclose.random.MersenneTwisterState;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Tensor;

/**
 * A layer that may be the first to give other numbers than were recorded.
 *
 * <p>What was recorded is its own output, or that of a layer behind it: then whatever is tried here
 * runs through the layers between.
 *
 * @param stretch where the layer lies
 * @param index which of the network's layers it is
 * @param values what the layers before it gave, and the inputs of the network, by name
 * @param random where the network's random stream is then, if it has one
 */
record Suspect(
    Stretch stretch, int index, Map<String, Tensor> values, Optional<MersenneTwisterState> random) {

  /** Returns the layer in its network. */
  Node place() {
    return layers().get(index);
  }

  Layer layer() {
    return place().layer();
  }

  /** Returns what the layer is given, one batch for each of its inputs. */
  List<Tensor> inputs() {
    return place().inputs().stream().map(values::get).toList();
  }

  /** Returns what the layer is given as its first input. */
  Tensor input() {
    return inputs().get(0);
  }

  /**
   * Returns the layers that lead to its first input, the nearest first, up to one of several
   * inputs.
   */
  List<Node> before() {
    List<Node> before = new ArrayList<>();
    Graph graph = stretch.network().spec().graph();
    Optional<Node> node = graph.node(place().inputs().get(0));
    while (node.isPresent()) {
      before.add(node.get());
      node =
          node.get().inputs().size() == 1
              ? graph.node(node.get().inputs().get(0))
              : Optional.empty();
    }
    return before;
  }

  /** Returns whether nothing but an input of the network leads to its first input. */
  boolean isBehindInput() {
    List<Node> before = before();
    List<String> first = before.isEmpty() ? place().inputs() : last(before).inputs();
    return !first.isEmpty()
        && stretch.network().spec().graph().input(first.get(0)).isPresent()
        && (before.isEmpty() || first.size() == 1);
  }

  private static Node last(List<Node> nodes) {
    return nodes.get(nodes.size() - 1);
  }

  RecordedCase recorded() {
    return stretch.recorded();
  }

  /** Returns what was recorded. */
  Tensor expected() {
    return stretch.expected();
  }

  /** Returns what Java gives for the same. */
  Tensor actual() {
    return stretch.actual();
  }

  /** Returns whether what was recorded is this layer's own output, from which one can conclude. */
  boolean isDirect() {
    return index == stretch.last();
  }

  /** Returns whether the layer has a parameter. */
  boolean has(String name) {
    return parameters().names().contains(fullName(name));
  }

  /** Returns one of the layer's parameters. */
  Tensor parameter(String name) {
    return parameters().get(fullName(name));
  }

  /** Returns those of the whole network. */
  Parameters parameters() {
    return stretch.network().parameters();
  }

  /** Returns the name of one of the layer's parameters within the network. */
  String fullName(String parameter) {
    return place().name() + "/" + parameter;
  }

  /** Returns how many numbers the layer's parameters are. */
  int parameterCount() {
    return place().parameters().stream().mapToInt(parameter -> parameter.shape().size()).sum();
  }

  /** Returns what comes of other settings. */
  Tensor with(Layer other) {
    return run(other, parameters(), recorded().mode(), inputs());
  }

  /** Returns what comes of other settings for another first input, which may have another shape. */
  Tensor with(Layer other, Tensor otherInput) {
    List<Tensor> inputs = new ArrayList<>(inputs());
    inputs.set(0, otherInput);
    return run(other, parameters(), recorded().mode(), inputs);
  }

  /** Returns what comes of other settings for other inputs. */
  Tensor with(Layer other, List<Tensor> otherInputs) {
    return run(other, parameters(), recorded().mode(), otherInputs);
  }

  /** Returns what comes of another layer for the same inputs in another order. */
  Tensor with(Layer other, int... order) {
    List<Tensor> inputs = Arrays.stream(order).mapToObj(inputs()::get).toList();
    return run(other, parameters(), recorded().mode(), inputs);
  }

  /** Returns what comes of other settings and another value of one of the layer's parameters. */
  Tensor with(Layer other, String parameter, Tensor value) {
    return run(other, replaced(Map.of(fullName(parameter), value)), recorded().mode(), inputs());
  }

  /** Returns what comes of another value of one of the layer's parameters. */
  Tensor with(String parameter, Tensor value) {
    return with(layer(), parameter, value);
  }

  /** Returns what comes of other parameters, given by their names in the network. */
  Tensor with(Map<String, Tensor> values) {
    return run(layer(), replaced(values), recorded().mode(), inputs());
  }

  /** Returns what comes of another input. */
  Tensor withInput(Tensor other) {
    return with(layer(), other);
  }

  /** Returns what comes of another mode for this layer. */
  Tensor in(Mode mode) {
    return run(layer(), parameters(), mode, inputs());
  }

  /** Returns what comes of another output of this layer. */
  Tensor withOutput(Tensor output) {
    return behind(output, parameters(), stream());
  }

  /** Returns the output of another layer, without parameters, for some of the inputs. */
  Tensor outputOf(Layer other, int... order) {
    List<Tensor> some = Arrays.stream(order).mapToObj(inputs()::get).toList();
    return output(other, parameters(), recorded().mode(), some, stream());
  }

  /** Returns the layer's own output. */
  Tensor output() {
    return output(layer(), parameters(), recorded().mode(), inputs(), stream());
  }

  private Parameters replaced(Map<String, Tensor> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(parameters().asMap());
    tensors.putAll(values);
    return Parameters.wrap(tensors);
  }

  private Tensor run(Layer other, Parameters parameters, Mode mode, List<Tensor> inputs) {
    Optional<NumpyRandomState> stream = stream();
    return behind(output(other, parameters, mode, inputs, stream), parameters, stream);
  }

  private Tensor output(
      Layer other,
      Parameters parameters,
      Mode mode,
      List<Tensor> inputs,
      Optional<NumpyRandomState> stream) {
    return LayerTrace.run(place(), other, parameters, mode, inputs, stretch.batch(), stream);
  }

  private Tensor behind(Tensor output, Parameters parameters, Optional<NumpyRandomState> stream) {
    Map<String, Tensor> known = new HashMap<>(values);
    known.put(place().name(), output);
    Tensor out = output;
    for (Node node : stretch.behind(index)) {
      List<Tensor> inputs = node.inputs().stream().map(known::get).toList();
      for (int i = 0; i < inputs.size(); i++) {
        if (!inputs.get(i).shape().isBatchOf(node.inputShapes().get(i))) {
          return inputs.get(i); // No cause: it does not even have the shape of what was recorded.
        }
      }
      Mode mode = recorded().mode();
      out = LayerTrace.run(node, node.layer(), parameters, mode, inputs, stretch.batch(), stream);
      known.put(node.name(), out);
    }
    return out;
  }

  private Optional<NumpyRandomState> stream() {
    return random.map(NumpyRandomState::of);
  }

  private List<Node> layers() {
    return stretch.network().spec().layers();
  }
}
