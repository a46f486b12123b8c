package org.allclose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.allclose.layer.Layer;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Loss;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * What a network is: the shape of its input, its layers in order, its loss and its regularization.
 *
 * <p>Immutable; made by {@link Network#input}. It holds no parameters: {@link #bind} does.
 */
public final class NetworkSpec {

  /** The strength of L2 regularization where nothing is said: none. */
  public static final double DEFAULT_L2 = 0.0;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  private final Shape input;
  private final List<NamedLayer> layers;
  private final Optional<Loss> loss;
  private final double l2;

  private NetworkSpec(Shape input, List<NamedLayer> layers, Optional<Loss> loss, double l2) {
    this.input = input;
    this.layers = List.copyOf(layers);
    this.loss = loss;
    this.l2 = l2;
  }

  static NetworkSpec input(int... sample) {
    Shape shape = Shape.of(sample);
    if (shape.rank() == 0 || shape.size() == 0) {
      throw new IllegalArgumentException(
          "input: expected axes of at least length 1 but got shape " + shape);
    }
    return new NetworkSpec(shape, List.of(), Optional.empty(), DEFAULT_L2);
  }

  /** Returns this network and one layer more, whose name is made up if there is none. */
  NetworkSpec append(Optional<String> givenName, Supplier<? extends Layer> maker) {
    int number = layers.size() + 1;
    String place = "layer " + number + givenName.map(given -> " '" + given + "': ").orElse(": ");
    try {
      Layer layer = maker.get();
      String name = givenName.orElseGet(() -> nextName(layer));
      place = "layer " + number + " '" + name + "': ";
      checkName(name);
      List<NamedLayer> longer = new ArrayList<>(layers);
      longer.add(new NamedLayer(name, layer, output(), layer.outputShape(output())));
      return new NetworkSpec(input, longer, loss, l2);
    } catch (ShapeMismatchException e) {
      throw new ShapeMismatchException(place + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
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
    long alike = layers.stream().filter(other -> other.layer().type().equals(layer.type())).count();
    return layer.namePrefix() + (alike + 1);
  }

  NetworkSpec withLoss(Loss newLoss) {
    try {
      newLoss.checkScores(output());
    } catch (ShapeMismatchException e) {
      throw new ShapeMismatchException("loss '" + newLoss.type() + "': " + e.getMessage());
    }
    return new NetworkSpec(input, layers, Optional.of(newLoss), l2);
  }

  NetworkSpec withL2(double strength) {
    if (!(strength >= 0) || Double.isInfinite(strength)) {
      throw new IllegalArgumentException(
          "l2: expected a finite strength of at least 0 but got " + strength);
    }
    return new NetworkSpec(input, layers, loss, strength);
  }

  /** Returns the shape of one input sample. */
  public Shape input() {
    return input;
  }

  /** Returns the shape of one sample's scores. */
  public Shape output() {
    return layers.isEmpty() ? input : layers.get(layers.size() - 1).output();
  }

  /** Returns the layers in order. */
  public List<NamedLayer> layers() {
    return layers;
  }

  /** Returns the loss, if there is one. */
  public Optional<Loss> loss() {
    return loss;
  }

  /** Returns the strength of L2 regularization; 0 is none. */
  public double l2() {
    return l2;
  }

  /** Returns all parameters under their names in the network, in the order of the layers. */
  public List<ParameterSpec> parameters() {
    return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
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

  private static void checkNames(WeightSource source, List<String> wanted) {
    Set<String> missing = new LinkedHashSet<>(wanted);
    missing.removeAll(source.names());
    Set<String> unused = new LinkedHashSet<>(source.names());
    wanted.forEach(unused::remove);
    if (!missing.isEmpty() || !unused.isEmpty()) {
      throw new IllegalArgumentException(
          source.description()
              + ": expected parameters "
              + wanted
              + " but got "
              + source.names()
              + (missing.isEmpty() ? "" : "; missing " + missing)
              + (unused.isEmpty() ? "" : "; unused " + unused));
    }
  }

  /**
   * Checks a batch of inputs and returns the number of its samples.
   *
   * @param x shape (n, ...)
   * @throws ShapeMismatchException if its samples do not have the input's shape, or there is none
   */
  public int batchSize(Tensor x) {
    Shape shape = x.shape();
    if (shape.rank() == 0 || !shape.dropFirst().equals(input)) {
      throw new ShapeMismatchException(
          "x: expected shape " + NetworkSummary.batchOf(input) + " but got " + shape);
    }
    if (shape.axis(0) == 0) {
      throw new ShapeMismatchException("x: expected at least 1 sample but got shape " + shape);
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
        && input.equals(spec.input)
        && layers.equals(spec.layers)
        && loss.equals(spec.loss)
        && l2 == spec.l2;
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, layers, loss, l2);
  }

  /** Returns the network on one line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("input").append(input);
    for (NamedLayer layer : layers) {
      text.append(" -> ").append(layer.name()).append(":").append(layer.layer());
    }
    loss.ifPresent(value -> text.append(" -> ").append(value).append(" loss"));
    return l2 == 0 ? text.toString() : text.append(" + l2(").append(l2).append(")").toString();
  }
}
