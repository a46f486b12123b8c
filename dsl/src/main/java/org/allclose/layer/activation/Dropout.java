package org.allclose.layer.activation;

import java.util.List;
import java.util.Optional;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.internal.pass.FactorPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Mode;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.UnaryLayer;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;
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
public record Dropout(double keep, Optional<Long> seed) implements UnaryLayer {

  /** The largest seed, {@code 2^32 - 1}, as of {@code np.random.seed}. */
  public static final long MAX_SEED = 0xffffffffL;

  private static final Setting<Dropout, Double> KEEP =
      Setting.<Dropout>number("keep", Dropout::keep)
          .where("a probability above 0 and at most 1", keep -> keep > 0 && keep <= 1);

  private static final Setting<Dropout, Optional<Long>> SEED =
      Setting.<Dropout>optionalWhole("seed", Dropout::seed)
          .where(
              "a number of 0 to 2^32 - 1",
              seed -> seed.isEmpty() || (seed.get() >= 0 && seed.get() <= MAX_SEED));

  /** What this kind of layer says of itself. */
  public static final Type<Dropout> TYPE =
      Type.of("dropout", Dropout.class, v -> new Dropout(v.get(KEEP), v.get(SEED)), KEEP, SEED)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Dropout(0.7), 5), Sample.of(new Dropout(0.5).seed(231), 5)));

  /**
   * @throws IllegalArgumentException if keep is not a probability above 0, or the seed not one
   */
  public Dropout {
    KEEP.check(keep);
    SEED.check(seed);
  }

  /** A layer that never seeds the stream. */
  public Dropout(double keep) {
    this(keep, Optional.empty());
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
    return TYPE.with(this, SEED, Optional.of(number));
  }

  @Override
  public Type<Dropout> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return context.mode() == Mode.TRAINING
        ? new MaskPass(this, context)
        : new IdentityPass(this, context.stream());
  }

  @Override
  public String toString() {
    String text = "dropout(keep " + keep;
    return (seed.isPresent() ? text + ", seed " + (long) seed.get() : text) + ")";
  }

  /** Seeds a stream if there is a seed, which the stream reads as unsigned. */
  private void reseed(RandomGenerator random) {
    if (seed.isPresent()) {
      random.setSeed((int) (long) seed.get());
    }
  }

  private static final class MaskPass extends ElementwisePass {
    private final LayerContext context;
    private final Dropout layer;
    private final RandomGenerator random;
    private final Tensor mask;

    MaskPass(Dropout layer, LayerContext context) {
      super(context);
      this.context = context;
      this.layer = layer;
      random = context.random();
      mask = context.newInputBatch();
    }

    @Override
    protected void compute(Ops ops, Tensor x, Tensor y) {
      layer.reseed(random);
      ops.dropoutMask(random, layer.keep, mask);
      ops.multiply(x, mask, y);
    }

    @Override
    protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
      ops.multiply(dout, mask, dx);
    }

    @Override
    public Pass disturbed(RoundingErrors errors) {
      return new FactorPass(context, mask.copy());
    }
  }

  private static final class IdentityPass extends UnaryPass {
    private final Dropout layer;
    private final Optional<RandomGenerator> random;

    IdentityPass(Dropout layer, Optional<RandomGenerator> random) {
      this.layer = layer;
      this.random = random;
    }

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
