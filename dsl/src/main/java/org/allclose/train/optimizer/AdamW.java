package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Adam with decoupled weight decay: {@code w -= rate * decay * w}, then the step of {@link Adam}.
 *
 * <p>All parameters decay, biases too, as in PyTorch and Keras. Source: Loshchilov and Hutter
 * (2019), algorithm 2; the default decay is PyTorch's, Keras' is 0.004.
 *
 * @param beta1 how much of the mean of gradients is kept, at least 0 and below 1
 * @param beta2 how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 * @param decay how fast the weights decay, at least 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double decay) implements Optimizer {

  /** How much of the mean of gradients is kept where nothing is said. */
  public static final double DEFAULT_BETA1 = 0.9;

  /** How much of the mean of squares is kept where nothing is said. */
  public static final double DEFAULT_BETA2 = 0.999;

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-8;

  /** How fast the weights decay where nothing is said. */
  public static final double DEFAULT_DECAY = 0.01;

  private static final Setting<AdamW, Double> BETA1 =
      OptimizerSettings.share("beta1", AdamW::beta1, DEFAULT_BETA1);
  private static final Setting<AdamW, Double> BETA2 =
      OptimizerSettings.share("beta2", AdamW::beta2, DEFAULT_BETA2);
  private static final Setting<AdamW, Double> EPSILON =
      OptimizerSettings.epsilon(AdamW::epsilon, DEFAULT_EPSILON);
  private static final Setting<AdamW, Double> DECAY =
      Setting.<AdamW>number("decay", AdamW::decay).notNegative().orElse(DEFAULT_DECAY);

  /** What this kind of optimizer says of itself. */
  public static final Type<AdamW> TYPE =
      Type.of(
              "adamW",
              AdamW.class,
              v -> new AdamW(v.get(BETA1), v.get(BETA2), v.get(EPSILON), v.get(DECAY)),
              BETA1,
              BETA2,
              EPSILON,
              DECAY)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new AdamW()),
                      Sample.ofInputs(new AdamW(0.8, 0.95, 1e-3, 0.1))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public AdamW {
    BETA1.check(beta1);
    BETA2.check(beta2);
    EPSILON.check(epsilon);
    DECAY.check(decay);
  }

  /** An optimizer with the defaults. */
  public AdamW() {
    this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON, DEFAULT_DECAY);
  }

  /** Returns the same optimizer with another beta1. */
  public AdamW beta1(double other) {
    return TYPE.with(this, BETA1, other);
  }

  /** Returns the same optimizer with another beta2. */
  public AdamW beta2(double other) {
    return TYPE.with(this, BETA2, other);
  }

  /** Returns the same optimizer with another epsilon. */
  public AdamW epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  /** Returns the same optimizer with another decay. */
  public AdamW decay(double other) {
    return TYPE.with(this, DECAY, other);
  }

  @Override
  public Type<AdamW> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return Moments.SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps ops = TrainingOps.of(w.dtype());
    ops.decay(w, rate, decay);
    Moments.average(slots, beta1, beta2, dw);
    double meanCorrection = Moments.correction(beta1, step);
    double squaresCorrection = Moments.correction(beta2, step);
    ops.correctedStep(
        w, rate, slots.get(0), meanCorrection, slots.get(1), squaresCorrection, epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
