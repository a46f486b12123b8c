package org.allclose;

import java.util.Optional;
import java.util.function.Supplier;
import org.allclose.layer.Chain;
import org.allclose.layer.Layer;
import org.allclose.loss.BinaryCrossEntropy;
import org.allclose.loss.HingeLoss;
import org.allclose.loss.Loss;
import org.allclose.loss.MeanSquaredError;
import org.allclose.loss.SoftmaxLoss;
import org.allclose.tensor.Shape;

/**
 * The builder after at least one layer: more layers, a loss, or the end.
 *
 * <p>Immutable: each call returns a new builder, so that a common beginning can be used twice.
 */
public final class NetworkBuilder extends LayerSteps {
  private final NetworkSpec spec;

  private NetworkBuilder(NetworkSpec spec) {
    this.spec = spec;
  }

  @Override
  NetworkBuilder add(Optional<String> name, Supplier<? extends Layer> layer) {
    return new NetworkBuilder(NetworkSpec.of(spec.chain().append(name, layer)));
  }

  @Override
  Chain chain() {
    return spec.chain();
  }

  /** Ends the network with softmax and cross-entropy: {@link SoftmaxLoss}. */
  public LossStep softmaxLoss() {
    return loss(new SoftmaxLoss());
  }

  /** Ends the network with the hinge loss of a support vector machine: {@link HingeLoss}. */
  public LossStep hingeLoss() {
    return loss(new HingeLoss());
  }

  /** Ends the network with the mean squared error: {@link MeanSquaredError}. */
  public LossStep meanSquaredError() {
    return loss(new MeanSquaredError());
  }

  /** Ends the network with the binary cross-entropy of logits: {@link BinaryCrossEntropy}. */
  public LossStep binaryCrossEntropy() {
    return loss(new BinaryCrossEntropy());
  }

  /**
   * Ends the network with a loss.
   *
   * @throws org.allclose.tensor.ShapeMismatchException if the loss cannot be taken of the last
   *     layer's output
   */
  public LossStep loss(Loss loss) {
    return new LossStep(spec.withLoss(loss));
  }

  /** Returns a network without a loss: for prediction, and for gradients from given ones. */
  public NetworkSpec build() {
    return spec;
  }

  /** The builder before the first layer. */
  public static final class Input extends LayerSteps {
    private final NetworkBuilder empty;

    Input(int... sample) {
      empty = new NetworkBuilder(NetworkSpec.input(sample));
    }

    /** The builder of a block within a network. */
    Input(Chain start) {
      empty = new NetworkBuilder(NetworkSpec.of(start));
    }

    @Override
    NetworkBuilder add(Optional<String> name, Supplier<? extends Layer> layer) {
      return empty.add(name, layer);
    }

    @Override
    Chain chain() {
      return empty.chain();
    }

    /** Returns the shape of one input sample. */
    public Shape shape() {
      return empty.chain().input();
    }
  }

  /** The builder after the loss: regularization, or the end. */
  public static final class LossStep {
    private final NetworkSpec spec;

    private LossStep(NetworkSpec spec) {
      this.spec = spec;
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
