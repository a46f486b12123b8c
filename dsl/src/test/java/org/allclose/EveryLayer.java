package org.allclose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.allclose.init.Gaussian;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Conv2d;
import org.allclose.layer.image.MaxPool2d;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;
import org.allclose.type.Types;

/** A network of each sample of each type of layer, and of those that are computed together. */
public final class EveryLayer {
  private static final Shape IMAGES = Shape.of(4, 16, 16);
  private static final Shape FEATURES = Shape.of(48);

  private EveryLayer() {}

  /** Returns networks without a loss by what they are made of, freshly initialized. */
  public static Map<String, Network> networks() {
    Map<String, Network> networks = new LinkedHashMap<>();
    for (Type<? extends Layer> type : Types.of(Layer.class).all()) {
      for (Sample<? extends Layer> sample : type.samples()) {
        add(networks, graph(sample));
      }
    }
    add(networks, IMAGES, new Conv2d(6).padding(1));
    add(networks, IMAGES, new Conv2d(1).kernel(1));
    add(networks, IMAGES, new Conv2d(6).padding(1), new Relu());
    add(networks, IMAGES, new Conv2d(6).padding(1), new Relu(), new MaxPool2d(2));
    add(networks, IMAGES, new Conv2d(6).groups(2), new Relu(), new MaxPool2d(2));
    add(networks, IMAGES, new Flatten(), new Dense(10));
    add(networks, FEATURES, new Dense(10), new Relu());
    add(networks, FEATURES, new Reshape(3, 4, 4), new MaxPool2d(2));
    add(networks, residual());
    return networks;
  }

  /**
   * Returns the graph of a sample's layer on inputs x0, x1, ..., or of one on its input; of one
   * that takes nothing the sum with an input.
   */
  public static Graph graph(Sample<? extends Layer> sample) {
    if (sample.inputs().isEmpty()) {
      Shape output = sample.value().outputShape(List.of());
      return Graph.of(List.of(new Graph.Input("x0", output, false)))
          .append(Optional.of("source"), sample::value)
          .append(Optional.of("sum"), List.of("source", "x0"), Add::new);
    }
    List<Graph.Input> inputs = new ArrayList<>();
    for (Shape shape : sample.inputs()) {
      int number = inputs.size();
      boolean isTokens = sample.value().takesTokens(number, sample.inputs().size());
      inputs.add(new Graph.Input("x" + number, shape, isTokens));
    }
    List<String> names = inputs.stream().map(Graph.Input::name).toList();
    return Graph.of(inputs).append(Optional.empty(), names, sample::value);
  }

  /**
   * Returns a batch of each input, of positive numbers if others give what is no number; tokens are
   * 0, 1 and 2, which every sample has to take.
   */
  public static Map<String, Tensor> inputs(Network network, int batch) {
    Map<String, Tensor> inputs = drawn(network, batch);
    boolean isDefined =
        network.predict(inputs).values().stream()
            .flatMapToDouble(output -> Arrays.stream(output.unwrap()))
            .allMatch(Double::isFinite);
    if (!isDefined) {
      inputs.replaceAll((name, x) -> x.map(v -> Math.abs(v) + 0.1));
    }
    return inputs;
  }

  private static Map<String, Tensor> drawn(Network network, int batch) {
    NumpyRandomState random = NumpyRandomState.seed(1);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    network
        .spec()
        .inputs()
        .forEach(
            input ->
                inputs.put(
                    input.name(),
                    random
                        .randn(input.shape().prepend(batch).toArray())
                        .map(
                            input.isTokens() ? v -> Math.min(2, Math.rint(Math.abs(v))) : v -> v)));
    return inputs;
  }

  /** Returns a gradient of the scores. */
  public static Map<String, Tensor> upstream(Network network, int batch) {
    return Map.of(
        network.spec().outputs().get(0), Tensor.zeros(network.spec().output().prepend(batch)));
  }

  private static Graph residual() {
    Graph start = Graph.of(FEATURES);
    Graph block =
        start.append(Optional.of("fc"), () -> new Dense(48)).append(Optional.of("relu"), Relu::new);
    return block.append(Optional.of("sum"), List.of(start.end(), block.end()), Add::new);
  }

  private static void add(Map<String, Network> networks, Shape input, Layer... layers) {
    Graph graph = Graph.of(input);
    for (Layer layer : layers) {
      graph = graph.append(Optional.empty(), () -> layer);
    }
    add(networks, graph);
  }

  private static void add(Map<String, Network> networks, Graph graph) {
    NumpyRandomState random = NumpyRandomState.seed(231);
    Network network = NetworkSpec.of(graph).initialize(random, Gaussian.std(0.1));
    networks.put(network.spec().toString(), network.withRandom(random));
  }
}
