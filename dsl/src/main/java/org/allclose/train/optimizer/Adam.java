package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Adam: {@code mean = beta1 * mean + (1 - beta1) * dw; squares = beta2 * squares + (1 - beta2) *
 * (dw * dw); w -= rate * (mean / (1 - beta1^t)) / (sqrt(squares / (1 - beta2^t)) + epsilon)}, t
 * being the number of the step from 1.
 *
 * <p>Source: Kingma and Ba (2015), algorithm 1; cs231n {@code adam}. {@link KerasAdam} differs in
 * where epsilon goes.
 *
 * @param beta1 how much of the mean of gradients is kept, at least 0 and below 1
 * @param beta2 how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {

  /** How much of the mean of gradients is kept where nothing is said. */
  public static final double DEFAULT_BETA1 = 0.9;

  /** How much of the mean of squares is kept where nothing is said. */
  public static final double DEFAULT_BETA2 = 0.999;

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-8;

  private static final Setting<Adam, Double> BETA1 =
      OptimizerSettings.share("beta1", Adam::beta1, DEFAULT_BETA1);
  private static final Setting<Adam, Double> BETA2 =
      OptimizerSettings.share("beta2", Adam::beta2, DEFAULT_BETA2);
  private static final Setting<Adam, Double> EPSILON =
      OptimizerSettings.epsilon(Adam::epsilon, DEFAULT_EPSILON);

  /** What this kind of optimizer says of itself. */
  public static final Type<Adam> TYPE =
      Type.of(
              "adam",
              Adam.class,
              v -> new Adam(v.get(BETA1), v.get(BETA2), v.get(EPSILON)),
              BETA1,
              BETA2,
              EPSILON)
          .withSamples(
              () ->
                  List.of(Sample.ofInputs(new Adam()), Sample.ofInputs(new Adam(0.8, 0.95, 1e-3))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Adam {
    BETA1.check(beta1);
    BETA2.check(beta2);
    EPSILON.check(epsilon);
  }

  /** An optimizer with the defaults. */
  public Adam() {
    this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
  }

  /** Returns the same optimizer with another beta1. */
  public Adam beta1(double other) {
    return TYPE.with(this, BETA1, other);
  }

  /** Returns the same optimizer with another beta2. */
  public Adam beta2(double other) {
    return TYPE.with(this, BETA2, other);
  }

  /** Returns the same optimizer with another epsilon. */
  public Adam epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  @Override
  public Type<Adam> type() {
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
    TrainingOps.of(w.dtype())
        .correctedStep(
            w, rate, slots.get(0), meanCorrection, slots.get(1), squaresCorrection, epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
