package org.allclose.layer;

import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Inverted dropout: in training mode {@code y = x * mask} with {@code mask = (rand(x.shape) < keep)
 * / keep}, drawn anew for each batch in C order; in inference mode y is x.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>With a seed, every forward pass first seeds the stream that it draws from, as {@code
 * np.random.seed(seed)} does, so that each batch gets the same mask. That stream is the network's:
 * what is drawn from it afterwards, by other layers, by the batches and accuracies of training,
 * follows from the seed too. As in cs231n, a pass in inference mode seeds the network's stream as
 * well, where there is one, though it draws nothing.
 *
 * <p>Source: the reference's {@code dropout_forward}; cs231n {@code dropout_forward}, whose p is
 * the probability to keep, as here; in older assignments it was the one to drop: {@link #dropping}.
 *
 * @param keep the probability to keep an element, above 0 and at most 1
 * @param seed what the stream is seeded with before each pass, from 0 to 2^32 - 1; empty for never
 */
public record Dropout(double keep, OptionalLong seed) implements Layer {

  /** The largest seed, {@code 2^32 - 1}, as of {@code np.random.seed}. */
  public static final long MAX_SEED = 0xffffffffL;

  /**
   * @throws IllegalArgumentException if keep is not a probability above 0, or the seed not one
   */
  public Dropout {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException(
          "keep: expected a probability above 0 and at most 1 but got " + keep);
    }
    if (seed.isPresent() && (seed.getAsLong() < 0 || seed.getAsLong() > MAX_SEED)) {
      throw new IllegalArgumentException(
          "seed: expected a number of 0 to 2^32 - 1 but got " + seed.getAsLong());
    }
  }

  /** A layer that never seeds the stream. */
  public Dropout(double keep) {
    this(keep, OptionalLong.empty());
  }

  /**
   * Returns a layer of the probability to drop an element, as p meant in older assignments of
   * cs231n: one that keeps with {@code 1 - p}, {@code mask = (rand(x.shape) < 1 - p) / (1 - p)}. A
   * mask of {@code rand(x.shape) >= p} drops others.
   *
   * @throws IllegalArgumentException if p is not a probability below 1
   */
  public static Dropout dropping(double p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException(
          "drop: expected a probability of at least 0 and below 1 but got " + p);
    }
    return new Dropout(1 - p);
  }

  /**
   * Returns the same layer that seeds the stream before each pass.
   *
   * @throws IllegalArgumentException if the number is not from 0 to 2^32 - 1
   */
  public Dropout seed(long number) {
    return new Dropout(keep, OptionalLong.of(number));
  }

  @Override
  public String type() {
    return "dropout";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext binding) {
    return binding.mode() == Mode.TRAINING
        ? new MaskPass(this, binding)
        : new IdentityPass(this, binding.stream());
  }

  @Override
  public String toString() {
    String text = "dropout(keep " + keep;
    return (seed.isPresent() ? text + ", seed " + seed.getAsLong() : text) + ")";
  }

  /** Seeds a stream if there is a seed, which the stream reads as unsigned. */
  private void reseed(RandomGenerator random) {
    if (seed.isPresent()) {
      random.setSeed((int) seed.getAsLong());
    }
  }

  private static final class MaskPass extends ElementwisePass {
    private final LayerContext binding;
    private final Dropout layer;
    private final RandomGenerator random;
    private final double[] mask;

    MaskPass(Dropout layer, LayerContext binding) {
      super(binding);
      this.binding = binding;
      this.layer = layer;
      random = binding.random();
      mask = new double[binding.newInputBatch().size()];
    }

    @Override
    void compute(double[] x, double[] y, int n) {
      layer.reseed(random);
      double keep = layer.keep;
      for (int i = 0; i < n; i++) {
        mask[i] = (random.nextDouble() < keep ? 1.0 : 0.0) / keep;
      }
      Elementwise.multiply(x, mask, y, n);
    }

    @Override
    void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
      Elementwise.multiply(dout, mask, dx, n);
    }

    @Override
    public Pass disturbed(RoundingErrors errors) {
      return new FactorPass(binding, mask.clone());
    }
  }

  private record IdentityPass(Dropout layer, Optional<RandomGenerator> random) implements Pass {
    @Override
    public Tensor forward(Tensor x) {
      random.ifPresent(layer::reseed);
      return x;
    }

    @Override
    public Tensor backward(Tensor dout) {
      return dout;
    }
  }
}
