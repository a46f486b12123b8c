package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * AdaGrad as Keras has it: {@code squares += dw * dw; w -= rate * dw / sqrt(squares + epsilon)},
 * the squares starting from 0.1.
 *
 * <p>Source: Keras 3 {@code Adagrad}. {@link AdaGrad} is cs231n's.
 *
 * @param epsilon keeps the quotient finite, at least 0
 */
public record KerasAdaGrad(double epsilon) implements Optimizer {

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-7;

  private static final Setting<KerasAdaGrad, Double> EPSILON =
      OptimizerSettings.epsilon(KerasAdaGrad::epsilon, DEFAULT_EPSILON);
  private static final List<Slot> SLOTS = List.of(new Slot("squares", 0.1));

  /** What this kind of optimizer says of itself. */
  public static final Type<KerasAdaGrad> TYPE =
      Type.of("kerasAdaGrad", KerasAdaGrad.class, v -> new KerasAdaGrad(v.get(EPSILON)), EPSILON)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new KerasAdaGrad()),
                      Sample.ofInputs(new KerasAdaGrad(1e-3))));

  /**
   * @throws IllegalArgumentException if epsilon is out of its range
   */
  public KerasAdaGrad {
    EPSILON.check(epsilon);
  }

  /** An optimizer with the default. */
  public KerasAdaGrad() {
    this(DEFAULT_EPSILON);
  }

  @Override
  public Type<KerasAdaGrad> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps ops = TrainingOps.of(w.dtype());
    ops.addSquares(slots.get(0), dw);
    ops.stepByRootOfSum(w, rate, dw, slots.get(0), epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
