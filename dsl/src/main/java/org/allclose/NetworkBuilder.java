package org.allclose;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.allclose.layer.Graph;
import org.allclose.loss.Loss;
import org.allclose.loss.WeightedLoss;
import org.allclose.tensor.Shape;

/**
 * The builder after at least one layer: more layers, outputs, a loss, or the end.
 *
 * <p>Immutable: each call returns a new builder, so that a common beginning can be used twice.
 */
public final class NetworkBuilder extends LossSteps {
  private final Graph graph;
  private final List<String> outputs;

  private NetworkBuilder(Graph graph, List<String> outputs) {
    this.graph = graph;
    this.outputs = outputs;
  }

  @Override
  Graph graph() {
    return graph;
  }

  @Override
  NetworkBuilder with(Graph longer) {
    return new NetworkBuilder(longer, outputs);
  }

  /**
   * Names what the network gives, the scores first; where nothing is named, it is the last layer's
   * output.
   *
   * @throws IllegalArgumentException if one is not a layer, or is named twice
   */
  public NetworkBuilder outputs(String... names) {
    return new NetworkBuilder(
        graph, List.copyOf(NetworkSpec.requireOutputs(graph, List.of(names))));
  }

  @Override
  public LossStep loss(Loss loss) {
    return new LossStep(build().withLoss(loss));
  }

  /**
   * Ends the network with a loss of one of several outputs.
   *
   * @throws org.allclose.tensor.ShapeMismatchException if the loss cannot be taken of the output
   * @throws IllegalArgumentException if there is no such output
   */
  public LossStep loss(Loss loss, String output) {
    return new LossStep(build().withLoss(loss, output));
  }

  /**
   * Ends the network with a loss of one of several outputs, times a weight.
   *
   * @param weight finite
   * @throws org.allclose.tensor.ShapeMismatchException if the loss cannot be taken of the output
   * @throws IllegalArgumentException if there is no such output, or the weight is not finite
   */
  public LossStep loss(Loss loss, String output, double weight) {
    return new LossStep(build().withLosses(List.of(new WeightedLoss(output, loss, weight))));
  }

  /**
   * Returns a network without a loss: for prediction, and for gradients from given ones.
   *
   * @throws IllegalArgumentException if nothing takes the output of a layer, or an input
   */
  public NetworkSpec build() {
    return NetworkSpec.of(graph, outputs.isEmpty() ? List.of(graph.end()) : outputs);
  }

  /** The builder before the first layer. */
  public static final class Input extends LayerSteps {
    private final Graph graph;

    Input(Graph graph) {
      this.graph = graph;
    }

    @Override
    Graph graph() {
      return graph;
    }

    @Override
    NetworkBuilder with(Graph longer) {
      return new NetworkBuilder(longer, List.of());
    }

    /** Returns the shape of one sample of what the first layer takes. */
    public Shape shape() {
      return graph.output();
    }
  }

  /** The inputs of a network that has several. */
  public static final class Inputs {
    private final List<Graph.Input> inputs;

    private Inputs(List<Graph.Input> inputs) {
      this.inputs = inputs;
    }

    static Input of(UnaryOperator<Inputs> declaration) {
      return new Input(Graph.of(declaration.apply(new Inputs(List.of())).inputs));
    }

    /**
     * Adds an input.
     *
     * @param sample the lengths of a sample's axes
     * @throws IllegalArgumentException if the name is unfit or there is no axis
     */
    public Inputs values(String name, int... sample) {
      return add(new Graph.Input(name, Shape.of(sample), false));
    }

    /** Adds an input of images. */
    public Inputs image(String name, int channels, int height, int width) {
      return values(name, channels, height, width);
    }

    /** Adds an input of whole numbers, which have no gradient. */
    public Inputs tokens(String name, int... sample) {
      return add(new Graph.Input(name, Shape.of(sample), true));
    }

    private Inputs add(Graph.Input input) {
      List<Graph.Input> more = new ArrayList<>(inputs);
      more.add(input);
      return new Inputs(more);
    }
  }

  /** The builder after the loss: one of another output, regularization, or the end. */
  public static final class LossStep {
    private final NetworkSpec spec;

    private LossStep(NetworkSpec spec) {
      this.spec = spec;
    }

    /**
     * Adds a loss of another output to those before.
     *
     * @throws org.allclose.tensor.ShapeMismatchException if the loss cannot be taken of the output
     * @throws IllegalArgumentException if there is no such output, or it has a loss
     */
    public LossStep loss(Loss loss, String output) {
      return loss(loss, output, WeightedLoss.DEFAULT_WEIGHT);
    }

    /**
     * Adds a loss of another output, times a weight, to those before.
     *
     * @param weight finite
     * @throws org.allclose.tensor.ShapeMismatchException if the loss cannot be taken of the output
     * @throws IllegalArgumentException if there is no such output, it has a loss, or the weight is
     *     not finite
     */
    public LossStep loss(Loss loss, String output, double weight) {
      List<WeightedLoss> losses = new ArrayList<>(spec.losses());
      losses.add(new WeightedLoss(output, loss, weight));
      return new LossStep(spec.withLosses(losses));
    }

    /**
     * Adds {@code 0.5 * strength * sum(W * W)} to the loss for each weight, biases excepted.
     *
     * @param strength finite, at least 0
     * @throws IllegalArgumentException if it is not
     */
    public RegularizedStep l2(double strength) {
      return new RegularizedStep(spec.withL2(strength));
    }

    public NetworkSpec build() {
      return spec;
    }
  }

  /** The builder after regularization: the end. */
  public static final class RegularizedStep {
    private final NetworkSpec spec;

    private RegularizedStep(NetworkSpec spec) {
      this.spec = spec;
    }

    public NetworkSpec build() {
      return spec;
    }
  }
}
