package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * RMSprop as Keras has it: {@code squares = decay * squares + (1 - decay) * (dw * dw); w -= rate *
 * dw / sqrt(squares + epsilon)}.
 *
 * <p>Source: Keras 3 {@code RMSprop}, without momentum. {@link RmsProp} is cs231n's.
 *
 * @param decay how much of the mean of squares is kept, at least 0 and below 1
 * @param epsilon keeps the quotient finite, at least 0
 */
public record KerasRmsProp(double decay, double epsilon) implements Optimizer {

  /** How much of the mean of squares is kept where nothing is said. */
  public static final double DEFAULT_DECAY = 0.9;

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-7;

  private static final Setting<KerasRmsProp, Double> DECAY =
      OptimizerSettings.share("decay", KerasRmsProp::decay, DEFAULT_DECAY);
  private static final Setting<KerasRmsProp, Double> EPSILON =
      OptimizerSettings.epsilon(KerasRmsProp::epsilon, DEFAULT_EPSILON);
  private static final List<Slot> SLOTS = List.of(new Slot("squares", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<KerasRmsProp> TYPE =
      Type.of(
              "kerasRmsProp",
              KerasRmsProp.class,
              v -> new KerasRmsProp(v.get(DECAY), v.get(EPSILON)),
              DECAY,
              EPSILON)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new KerasRmsProp()),
                      Sample.ofInputs(new KerasRmsProp(0.8, 1e-3))));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public KerasRmsProp {
    DECAY.check(decay);
    EPSILON.check(epsilon);
  }

  /** An optimizer with the defaults. */
  public KerasRmsProp() {
    this(DEFAULT_DECAY, DEFAULT_EPSILON);
  }

  /** Returns the same optimizer with another decay. */
  public KerasRmsProp decay(double other) {
    return TYPE.with(this, DECAY, other);
  }

  /** Returns the same optimizer with another epsilon. */
  public KerasRmsProp epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  @Override
  public Type<KerasRmsProp> type() {
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
    ops.stepByRootOfSum(w, rate, dw, slots.get(0), epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
