package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Adam as Keras has it: the means of {@link Adam}, then {@code w -= rate * sqrt(1 - beta2^t) / (1 -
 * beta1^t) * mean / (sqrt(squares) + epsilon)}, t being the number of the step from 1.
 *
 * <p>Source: Keras 3 {@code Adam}; Kingma and Ba (2015), the end of section 2. Keras updates its
 * means as {@code mean += (dw - mean) * (1 - beta1)}, which is the same in exact arithmetic.
 *
 * @param beta1 how much of the mean of gradients is kept, at least 0 and below 1
 * @param beta2 how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record KerasAdam(double beta1, double beta2, double epsilon) implements Optimizer {

  /** How much of the mean of gradients is kept where nothing is said. */
  public static final double DEFAULT_BETA1 = 0.9;

  /** How much of the mean of squares is kept where nothing is said. */
  public static final double DEFAULT_BETA2 = 0.999;

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-7;

  private static final Setting<KerasAdam, Double> BETA1 =
      OptimizerSettings.share("beta1", KerasAdam::beta1, DEFAULT_BETA1);
  private static final Setting<KerasAdam, Double> BETA2 =
      OptimizerSettings.share("beta2", KerasAdam::beta2, DEFAULT_BETA2);
  private static final Setting<KerasAdam, Double> EPSILON =
      OptimizerSettings.epsilon(KerasAdam::epsilon, DEFAULT_EPSILON);

  /** What this kind of optimizer says of itself. */
  public static final Type<KerasAdam> TYPE =
      Type.of(
              "kerasAdam",
              KerasAdam.class,
              v -> new KerasAdam(v.get(BETA1), v.get(BETA2), v.get(EPSILON)),
              BETA1,
              BETA2,
              EPSILON)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new KerasAdam()),
                      Sample.ofInputs(new KerasAdam(0.8, 0.95, 1e-3))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public KerasAdam {
    BETA1.check(beta1);
    BETA2.check(beta2);
    EPSILON.check(epsilon);
  }

  /** An optimizer with the defaults. */
  public KerasAdam() {
    this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
  }

  /** Returns the same optimizer with another beta1. */
  public KerasAdam beta1(double other) {
    return TYPE.with(this, BETA1, other);
  }

  /** Returns the same optimizer with another beta2. */
  public KerasAdam beta2(double other) {
    return TYPE.with(this, BETA2, other);
  }

  /** Returns the same optimizer with another epsilon. */
  public KerasAdam epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  @Override
  public Type<KerasAdam> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return Moments.SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    Moments.average(slots, beta1, beta2, dw);
    double meanCorrection = Moments.correction(beta1, step);
    double squaresCorrection = Moments.correction(beta2, step);
    double corrected = rate * Math.sqrt(squaresCorrection) / meanCorrection;
    TrainingOps.of(w.dtype()).stepByRoot(w, corrected, slots.get(0), slots.get(1), epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
