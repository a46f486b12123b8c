package org.allclose;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.allclose.init.Fans;
import org.allclose.init.Initializer;
import org.allclose.layer.Chain;
import org.allclose.layer.NamedLayer;
import org.allclose.layer.ParameterSpec;
import org.allclose.loss.Loss;
import org.allclose.message.Excerpt;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * What a network is: the shape of its input, its layers in order, its loss and its regularization.
 *
 * <p>Immutable; made by {@link Network#input}. It holds no parameters: {@link #bind} does.
 */
public final class NetworkSpec {

  /** The strength of L2 regularization where nothing is said: none. */
  public static final double DEFAULT_L2 = 0.0;

  private final Chain chain;
  private final Optional<Loss> loss;
  private final double l2;

  private NetworkSpec(Chain chain, Optional<Loss> loss, double l2) {
    this.chain = chain;
    this.loss = loss;
    this.l2 = l2;
  }

  static NetworkSpec input(int... sample) {
    Shape shape = Shape.of(sample);
    if (shape.rank() == 0 || shape.size() == 0) {
      throw new IllegalArgumentException(
          "input: expected axes of at least length 1 but got shape " + shape);
    }
    return of(Chain.of(shape));
  }

  /** Returns the network of a chain of layers, without a loss. */
  public static NetworkSpec of(Chain chain) {
    return new NetworkSpec(chain, Optional.empty(), DEFAULT_L2);
  }

  /**
   * Returns the same network with a loss.
   *
   * @throws ShapeMismatchException if the loss cannot be taken of the scores
   */
  public NetworkSpec withLoss(Loss newLoss) {
    try {
      newLoss.checkScores(output());
    } catch (ShapeMismatchException e) {
      throw new ShapeMismatchException("loss '" + newLoss.type() + "': " + e.getMessage());
    }
    return new NetworkSpec(chain, Optional.of(newLoss), l2);
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
    return new NetworkSpec(chain, loss, strength + 0.0);
  }

  /** Returns the layers one after another, with the shape of the input. */
  public Chain chain() {
    return chain;
  }

  /** Returns the shape of one input sample. */
  public Shape input() {
    return chain.input();
  }

  /** Returns the shape of one sample's scores. */
  public Shape output() {
    return chain.output();
  }

  /** Returns the layers in order. */
  public List<NamedLayer> layers() {
    return chain.layers();
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
    return chain.parameters();
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
      values.put(parameter.name(), initializer.initialize(shape, Fans.of(shape), random));
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
   * Checks a batch of inputs and returns the number of its samples.
   *
   * @param x shape (n, ...)
   * @throws ShapeMismatchException if its samples do not have the input's shape, or there is none
   */
  public int batchSize(Tensor x) {
    Shape shape = x.shape();
    if (!shape.isBatchOf(input())) {
      throw new ShapeMismatchException(
          "x: expected shape " + NetworkSummary.batchOf(input()) + " but got " + shape);
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
        && chain.equals(spec.chain)
        && loss.equals(spec.loss)
        && l2 == spec.l2;
  }

  @Override
  public int hashCode() {
    return Objects.hash(chain, loss, l2);
  }

  /** Returns the network on one line. */
  @Override
  public String toString() {
    return "input"
        + input()
        + (layers().isEmpty() ? "" : " -> " + chain)
        + loss.map(value -> " -> " + value + " loss").orElse("")
        + (l2 == 0 ? "" : " + l2(" + l2 + ")");
  }
}
