package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * RMSprop: {@code squares = decay * squares + (1 - decay) * (dw * dw); w -= rate * dw /
 * (sqrt(squares) + epsilon)}.
 *
 * <p>Source: cs231n {@code rmsprop}. {@link KerasRmsProp} differs in where epsilon goes and in the
 * defaults.
 *
 * @param decay how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record RmsProp(double decay, double epsilon) implements Optimizer {

  /** How much of the mean of squares is kept where nothing is said. */
  public static final double DEFAULT_DECAY = 0.99;

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-8;

  private static final Setting<RmsProp, Double> DECAY =
      OptimizerSettings.share("decay", RmsProp::decay, DEFAULT_DECAY);
  private static final Setting<RmsProp, Double> EPSILON =
      OptimizerSettings.epsilon(RmsProp::epsilon, DEFAULT_EPSILON);
  private static final List<Slot> SLOTS = List.of(new Slot("squares", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<RmsProp> TYPE =
      Type.of(
              "rmsProp",
              RmsProp.class,
              v -> new RmsProp(v.get(DECAY), v.get(EPSILON)),
              DECAY,
              EPSILON)
          .withSamples(
              () ->
                  List.of(Sample.ofInputs(new RmsProp()), Sample.ofInputs(new RmsProp(0.8, 1e-3))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public RmsProp {
    DECAY.check(decay);
    EPSILON.check(epsilon);
  }

  /** An optimizer with the defaults. */
  public RmsProp() {
    this(DEFAULT_DECAY, DEFAULT_EPSILON);
  }

  /** Returns the same optimizer with another decay. */
  public RmsProp decay(double other) {
    return TYPE.with(this, DECAY, other);
  }

  /** Returns the same optimizer with another epsilon. */
  public RmsProp epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  @Override
  public Type<RmsProp> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps ops = TrainingOps.of(w.dtype());
    ops.averageSquares(slots.get(0), decay, dw);
    ops.stepByRoot(w, rate, dw, slots.get(0), epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
