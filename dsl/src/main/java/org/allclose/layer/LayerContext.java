package org.allclose.layer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.allclose.tensor.DType;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * What a layer is given to run: its inputs' shapes, the batch size, the mode and its parameters.
 *
 * <p>Parameters are known by their names within the layer. Gradients, and statistics that training
 * updates, come into being when first asked for, so that prediction pays nothing for them.
 */
public final class LayerContext {
  private final Run run;
  private final String prefix;
  private final String suffix;
  private final List<Shape> inputs;
  private final Map<String, Tensor> parameters = new HashMap<>();
  private final Map<String, Tensor> gradients = new HashMap<>();
  private final Map<String, Tensor> updates = new HashMap<>();
  private final Set<String> computed = new HashSet<>();

  /** What all layers of a network have in common. */
  private record Run(
      int batch,
      Mode mode,
      Optional<RandomGenerator> random,
      int threads,
      Map<String, Tensor> parameters,
      Map<String, Tensor> gradients,
      Map<String, Tensor> updates) {

    /** The same for other parameters, with gradients of its own. */
    Run with(Map<String, Tensor> others) {
      return new Run(
          batch, mode, random, threads, others, new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  private LayerContext(Run run, String prefix, String suffix, List<Shape> inputs) {
    this.run = run;
    this.prefix = prefix;
    this.suffix = suffix;
    this.inputs = inputs;
  }

  /**
   * Returns the context of a network.
   *
   * @param batch the number of samples in a batch
   * @param mode what the network is run for
   * @param random what layers draw from that need chance
   * @param threads how many threads may work on a batch
   * @param parameters values by their names in the network; shared, not copied
   */
  public static LayerContext of(
      int batch,
      Mode mode,
      Optional<RandomGenerator> random,
      int threads,
      Map<String, Tensor> parameters) {
    Run run =
        new Run(
            batch,
            mode,
            random,
            threads,
            Map.copyOf(parameters),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    return new LayerContext(run, "", "", List.of());
  }

  /** Returns the context of the same layer with the magnitudes of its parameters. */
  LayerContext magnitudes() {
    Map<String, Tensor> magnitudes = new LinkedHashMap<>();
    run.parameters.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            magnitudes.put(name, Magnitudes.of(value));
          }
        });
    LayerContext context = new LayerContext(run.with(magnitudes), prefix, suffix, inputs);
    computed.forEach(name -> context.parameters.put(name, Magnitudes.of(parameter(name))));
    return context;
  }

  /**
   * Returns the context of the same layer with a parameter that the layer itself computes.
   *
   * @param name the parameter's name within the layer
   * @param value its value, which the layer changes in place
   * @param gradient what {@link #gradient} returns for it
   */
  public LayerContext with(String name, Tensor value, Tensor gradient) {
    LayerContext context = new LayerContext(run, prefix, suffix, inputs);
    context.computed.add(name);
    context.parameters.put(name, value);
    context.gradients.put(name, gradient);
    return context;
  }

  /** Returns the context of a layer of the network. */
  public LayerContext of(Node node) {
    return new LayerContext(run, node.name() + "/", "", node.inputShapes());
  }

  /**
   * Returns the context of a part of this layer.
   *
   * @param end what the names of its parameters end with in this layer: its {@code W} is {@code Wq}
   * @param shapes the shapes of one sample of each of its inputs
   */
  public LayerContext part(String end, List<Shape> shapes) {
    return new LayerContext(run, prefix, suffix + end, shapes);
  }

  /** Returns the name of the layer in the network. */
  public String name() {
    return prefix.substring(0, prefix.length() - 1);
  }

  /** Returns the name in the network of one of the layer's parameters. */
  public String name(String parameter) {
    return prefix + parameter + suffix;
  }

  /** Returns the shapes of one sample of each input. */
  public List<Shape> inputs() {
    return inputs;
  }

  /** Returns the shape of one sample of the first input. */
  public Shape input() {
    return inputs.get(0);
  }

  /** Returns what the elements of all tensors are. */
  public DType dtype() {
    return DType.FLOAT64;
  }

  /** Returns the number of samples in a batch. */
  public int batch() {
    return run.batch;
  }

  /** Returns what the network is run for. */
  public Mode mode() {
    return run.mode;
  }

  /** Returns how many threads may work on the batch; no result depends on it. */
  public int threads() {
    return run.threads;
  }

  /**
   * Returns what layers draw from that need chance.
   *
   * @throws IllegalStateException if the network is run without
   */
  public RandomGenerator random() {
    return run.random.orElseThrow(
        () ->
            new IllegalStateException(
                "layer '" + name() + "': expected a random state to draw from in training mode"));
  }

  /** Returns what layers draw from that need chance, if the network is run with it. */
  public Optional<RandomGenerator> stream() {
    return run.random;
  }

  /**
   * Returns the value of a parameter, which training changes in place.
   *
   * @param name the parameter's name within the layer
   */
  public Tensor parameter(String name) {
    Tensor value = parameters.get(name);
    if (value == null) {
      value = run.parameters.get(name(name));
      if (value == null) {
        throw new IllegalArgumentException(
            "parameter '" + name(name) + "': expected one of " + run.parameters.keySet());
      }
      parameters.put(name, value);
    }
    return value;
  }

  /**
   * Returns the tensor that the backward pass fills with the gradient of a parameter.
   *
   * @param name the parameter's name within the layer
   */
  public Tensor gradient(String name) {
    return beside(name, gradients, run.gradients);
  }

  /**
   * Returns the tensor that the forward pass fills with what a statistic is to become.
   *
   * @param name the statistic's name within the layer
   */
  public Tensor update(String name) {
    return beside(name, updates, run.updates);
  }

  private Tensor beside(String name, Map<String, Tensor> here, Map<String, Tensor> all) {
    Tensor tensor = here.get(name);
    if (tensor == null) {
      tensor = all.get(name(name)); // of a part, or of the whole
      if (tensor == null) {
        tensor = Tensor.zeros(parameter(name).shape());
        all.put(name(name), tensor);
      }
      here.put(name, tensor);
    }
    return tensor;
  }

  /** Returns the gradients that were asked for, by their names in the network. */
  public Map<String, Tensor> gradients() {
    return run.gradients;
  }

  /** Returns the updated statistics that were asked for, by their names in the network. */
  public Map<String, Tensor> updates() {
    return run.updates;
  }

  /** Returns a new tensor of zeros for one batch of the first input. */
  public Tensor newInputBatch() {
    return newBatch(input());
  }

  /** Returns a new tensor of zeros for one batch of samples of the given shape. */
  public Tensor newBatch(Shape sample) {
    return Tensor.zeros(sample.prepend(run.batch));
  }
}
