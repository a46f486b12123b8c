package org.allclose;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.allclose.layer.AveragePool2d;
import org.allclose.layer.BatchNorm;
import org.allclose.layer.Chain;
import org.allclose.layer.Conv2d;
import org.allclose.layer.Dense;
import org.allclose.layer.Dropout;
import org.allclose.layer.Elu;
import org.allclose.layer.Flatten;
import org.allclose.layer.Gelu;
import org.allclose.layer.GeluTanh;
import org.allclose.layer.GroupNorm;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerNorm;
import org.allclose.layer.LeakyRelu;
import org.allclose.layer.MaxPool2d;
import org.allclose.layer.Relu;
import org.allclose.layer.Reshape;
import org.allclose.layer.Residual;
import org.allclose.layer.Sigmoid;
import org.allclose.layer.Softmax;
import org.allclose.layer.Softplus;
import org.allclose.layer.Tanh;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;

/**
 * The builder calls that add a layer.
 *
 * <p>Each fails at once if the layer cannot take the output of the one before: with a {@link
 * org.allclose.tensor.ShapeMismatchException} for shapes, else an {@link IllegalArgumentException}.
 * A layer without a name is called by its kind and its number among its kind, such as {@code
 * dense2}.
 */
public abstract class LayerSteps {
  LayerSteps() {}

  /**
   * Adds a layer that is made here and now, so that what is wrong with it is told with its place.
   */
  abstract NetworkBuilder add(Optional<String> name, Supplier<? extends Layer> layer);

  /** Returns the layers so far. */
  abstract Chain chain();

  /**
   * Adds a layer under a name.
   *
   * @throws IllegalArgumentException if the name is taken, empty, or has characters other than
   *     letters, digits, {@code _}, {@code -} and {@code .}
   */
  public final NetworkBuilder layer(String name, Layer layer) {
    return add(Optional.of(name), () -> layer);
  }

  /** Adds a layer, named by its kind and number. */
  public final NetworkBuilder layer(Layer layer) {
    return add(Optional.empty(), () -> layer);
  }

  /** Adds a fully connected layer: {@link Dense}. */
  public final NetworkBuilder dense(int units) {
    return add(Optional.empty(), () -> new Dense(units));
  }

  /** Adds a fully connected layer under a name: {@link Dense}. */
  public final NetworkBuilder dense(String name, int units) {
    return add(Optional.of(name), () -> new Dense(units));
  }

  /** Adds a fully connected layer under a name, with settings: {@code d -> d.bias(false)}. */
  public final NetworkBuilder dense(String name, int units, UnaryOperator<Dense> settings) {
    return add(Optional.of(name), () -> settings.apply(new Dense(units)));
  }

  /** Adds a convolution with settings, {@code c -> c.kernel(7).padding(3)}: {@link Conv2d}. */
  public final NetworkBuilder conv2d(int filters, UnaryOperator<Conv2d> settings) {
    return add(Optional.empty(), () -> settings.apply(new Conv2d(filters)));
  }

  /**
   * Adds a convolution with settings, {@code c -> c.kernel(7).padding(3)}: {@link Conv2d}, under a
   * name.
   */
  public final NetworkBuilder conv2d(String name, int filters, UnaryOperator<Conv2d> settings) {
    return add(Optional.of(name), () -> settings.apply(new Conv2d(filters)));
  }

  /** Adds a pool of the largest values: {@link MaxPool2d}. */
  public final NetworkBuilder maxPool2d(int size) {
    return add(Optional.empty(), () -> new MaxPool2d(Extent2d.of(size)));
  }

  /** Adds a pool of the largest values: {@link MaxPool2d}, under a name. */
  public final NetworkBuilder maxPool2d(String name, int size) {
    return add(Optional.of(name), () -> new MaxPool2d(Extent2d.of(size)));
  }

  /**
   * Adds a pool of the largest values with settings, {@code p -> p.stride(1)}: {@link MaxPool2d}.
   */
  public final NetworkBuilder maxPool2d(int size, UnaryOperator<MaxPool2d> settings) {
    return add(Optional.empty(), () -> settings.apply(new MaxPool2d(Extent2d.of(size))));
  }

  /**
   * Adds a pool of the largest values with settings, {@code p -> p.stride(1)}: {@link MaxPool2d},
   * under a name.
   */
  public final NetworkBuilder maxPool2d(String name, int size, UnaryOperator<MaxPool2d> settings) {
    return add(Optional.of(name), () -> settings.apply(new MaxPool2d(Extent2d.of(size))));
  }

  /** Adds a pool of means: {@link AveragePool2d}. */
  public final NetworkBuilder averagePool2d(int size) {
    return add(Optional.empty(), () -> new AveragePool2d(Extent2d.of(size)));
  }

  /** Adds a pool of means: {@link AveragePool2d}, under a name. */
  public final NetworkBuilder averagePool2d(String name, int size) {
    return add(Optional.of(name), () -> new AveragePool2d(Extent2d.of(size)));
  }

  /** Adds a pool of means with settings, {@code p -> p.stride(1)}: {@link AveragePool2d}. */
  public final NetworkBuilder averagePool2d(int size, UnaryOperator<AveragePool2d> settings) {
    return add(Optional.empty(), () -> settings.apply(new AveragePool2d(Extent2d.of(size))));
  }

  /**
   * Adds a pool of means with settings, {@code p -> p.stride(1)}: {@link AveragePool2d}, under a
   * name.
   */
  public final NetworkBuilder averagePool2d(
      String name, int size, UnaryOperator<AveragePool2d> settings) {
    return add(Optional.of(name), () -> settings.apply(new AveragePool2d(Extent2d.of(size))));
  }

  /** Adds batch normalization: {@link BatchNorm}. */
  public final NetworkBuilder batchNorm() {
    return add(Optional.empty(), () -> new BatchNorm());
  }

  /** Adds batch normalization: {@link BatchNorm}, under a name. */
  public final NetworkBuilder batchNorm(String name) {
    return add(Optional.of(name), () -> new BatchNorm());
  }

  /** Adds batch normalization with settings, {@code n -> n.momentum(0.99)}: {@link BatchNorm}. */
  public final NetworkBuilder batchNorm(UnaryOperator<BatchNorm> settings) {
    return add(Optional.empty(), () -> settings.apply(new BatchNorm()));
  }

  /**
   * Adds batch normalization with settings, {@code n -> n.momentum(0.99)}: {@link BatchNorm}, under
   * a name.
   */
  public final NetworkBuilder batchNorm(String name, UnaryOperator<BatchNorm> settings) {
    return add(Optional.of(name), () -> settings.apply(new BatchNorm()));
  }

  /** Adds layer normalization: {@link LayerNorm}. */
  public final NetworkBuilder layerNorm() {
    return add(Optional.empty(), () -> new LayerNorm());
  }

  /** Adds layer normalization: {@link LayerNorm}, under a name. */
  public final NetworkBuilder layerNorm(String name) {
    return add(Optional.of(name), () -> new LayerNorm());
  }

  /** Adds group normalization: {@link GroupNorm}. */
  public final NetworkBuilder groupNorm(int groups) {
    return add(Optional.empty(), () -> new GroupNorm(groups));
  }

  /** Adds group normalization: {@link GroupNorm}, under a name. */
  public final NetworkBuilder groupNorm(String name, int groups) {
    return add(Optional.of(name), () -> new GroupNorm(groups));
  }

  /** Adds dropout that keeps elements with a probability: {@link Dropout}. */
  public final NetworkBuilder dropout(double keep) {
    return add(Optional.empty(), () -> new Dropout(keep));
  }

  /** Adds dropout that keeps elements with a probability: {@link Dropout}, under a name. */
  public final NetworkBuilder dropout(String name, double keep) {
    return add(Optional.of(name), () -> new Dropout(keep));
  }

  /** Adds dropout with settings, {@code d -> d.seed(231)}: {@link Dropout}. */
  public final NetworkBuilder dropout(double keep, UnaryOperator<Dropout> settings) {
    return add(Optional.empty(), () -> settings.apply(new Dropout(keep)));
  }

  /** Adds dropout with settings, {@code d -> d.seed(231)}: {@link Dropout}, under a name. */
  public final NetworkBuilder dropout(String name, double keep, UnaryOperator<Dropout> settings) {
    return add(Optional.of(name), () -> settings.apply(new Dropout(keep)));
  }

  /** Adds a rectified linear unit: {@link Relu}. */
  public final NetworkBuilder relu() {
    return add(Optional.empty(), () -> new Relu());
  }

  /** Adds a rectified linear unit: {@link Relu}, under a name. */
  public final NetworkBuilder relu(String name) {
    return add(Optional.of(name), () -> new Relu());
  }

  /** Adds a leaky rectified linear unit: {@link LeakyRelu}. */
  public final NetworkBuilder leakyRelu(double alpha) {
    return add(Optional.empty(), () -> new LeakyRelu(alpha));
  }

  /** Adds a leaky rectified linear unit: {@link LeakyRelu}, under a name. */
  public final NetworkBuilder leakyRelu(String name, double alpha) {
    return add(Optional.of(name), () -> new LeakyRelu(alpha));
  }

  /** Adds an exponential linear unit: {@link Elu}. */
  public final NetworkBuilder elu() {
    return add(Optional.empty(), () -> new Elu());
  }

  /** Adds an exponential linear unit: {@link Elu}, under a name. */
  public final NetworkBuilder elu(String name) {
    return add(Optional.of(name), () -> new Elu());
  }

  /** Adds the logistic function: {@link Sigmoid}. */
  public final NetworkBuilder sigmoid() {
    return add(Optional.empty(), () -> new Sigmoid());
  }

  /** Adds the logistic function: {@link Sigmoid}, under a name. */
  public final NetworkBuilder sigmoid(String name) {
    return add(Optional.of(name), () -> new Sigmoid());
  }

  /** Adds the hyperbolic tangent: {@link Tanh}. */
  public final NetworkBuilder tanh() {
    return add(Optional.empty(), () -> new Tanh());
  }

  /** Adds the hyperbolic tangent: {@link Tanh}, under a name. */
  public final NetworkBuilder tanh(String name) {
    return add(Optional.of(name), () -> new Tanh());
  }

  /** Adds softplus: {@link Softplus}. */
  public final NetworkBuilder softplus() {
    return add(Optional.empty(), () -> new Softplus());
  }

  /** Adds softplus: {@link Softplus}, under a name. */
  public final NetworkBuilder softplus(String name) {
    return add(Optional.of(name), () -> new Softplus());
  }

  /** Adds the exact Gaussian error linear unit: {@link Gelu}. */
  public final NetworkBuilder gelu() {
    return add(Optional.empty(), () -> new Gelu());
  }

  /** Adds the exact Gaussian error linear unit: {@link Gelu}, under a name. */
  public final NetworkBuilder gelu(String name) {
    return add(Optional.of(name), () -> new Gelu());
  }

  /** Adds the approximate Gaussian error linear unit: {@link GeluTanh}. */
  public final NetworkBuilder geluTanh() {
    return add(Optional.empty(), () -> new GeluTanh());
  }

  /** Adds the approximate Gaussian error linear unit: {@link GeluTanh}, under a name. */
  public final NetworkBuilder geluTanh(String name) {
    return add(Optional.of(name), () -> new GeluTanh());
  }

  /** Adds a head that turns scores into probabilities: {@link Softmax}. */
  public final NetworkBuilder softmax() {
    return add(Optional.empty(), () -> new Softmax());
  }

  /** Adds a head that turns scores into probabilities: {@link Softmax}, under a name. */
  public final NetworkBuilder softmax(String name) {
    return add(Optional.of(name), () -> new Softmax());
  }

  /** Adds a layer that makes one axis of all: {@link Flatten}. */
  public final NetworkBuilder flatten() {
    return add(Optional.empty(), () -> new Flatten());
  }

  /** Adds a layer that makes one axis of all: {@link Flatten}, under a name. */
  public final NetworkBuilder flatten(String name) {
    return add(Optional.of(name), () -> new Flatten());
  }

  /** Adds a layer that gives samples another shape: {@link Reshape}. */
  public final NetworkBuilder reshape(int... shape) {
    return add(Optional.empty(), () -> new Reshape(Shape.of(shape)));
  }

  /**
   * Adds a residual block under a name, {@code y = x + f(x)}: {@link Residual}.
   *
   * @param body builds f, such as {@code f -> f.dense(64).relu().dense(64)}; it must keep the shape
   */
  public final NetworkBuilder residual(String name, Function<LayerSteps, NetworkBuilder> body) {
    return add(Optional.of(name), () -> new Residual(block(body)));
  }

  /** Adds a residual block, as {@link #residual(String, Function)}. */
  public final NetworkBuilder residual(Function<LayerSteps, NetworkBuilder> body) {
    return add(Optional.empty(), () -> new Residual(block(body)));
  }

  private Chain block(Function<LayerSteps, NetworkBuilder> body) {
    return body.apply(new NetworkBuilder.Input(Chain.of(chain().output()))).chain();
  }
}
