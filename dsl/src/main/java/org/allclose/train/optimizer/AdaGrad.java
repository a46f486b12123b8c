package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * AdaGrad: {@code squares += dw * dw; w -= rate * dw / (sqrt(squares) + epsilon)}.
 *
 * <p>Source: Duchi et al. (2011); cs231n's notes "Neural Networks Part 3". {@link KerasAdaGrad}
 * differs in where epsilon goes and what the squares start from.
 *
 * @param epsilon keeps the quotient finite, at least 0
 */
public record AdaGrad(double epsilon) implements Optimizer {

  /** What keeps the quotient finite where nothing is said. */
  public static final double DEFAULT_EPSILON = 1e-8;

  private static final Setting<AdaGrad, Double> EPSILON =
      OptimizerSettings.epsilon(AdaGrad::epsilon, DEFAULT_EPSILON);
  private static final List<Slot> SLOTS = List.of(new Slot("squares", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<AdaGrad> TYPE =
      Type.of("adaGrad", AdaGrad.class, v -> new AdaGrad(v.get(EPSILON)), EPSILON)
          .withSamples(
              () -> List.of(Sample.ofInputs(new AdaGrad()), Sample.ofInputs(new AdaGrad(1e-3))));

  /**
   * @throws IllegalArgumentException if epsilon is out of its range
   */
  public AdaGrad {
    EPSILON.check(epsilon);
  }

  /** An optimizer with the default. */
  public AdaGrad() {
    this(DEFAULT_EPSILON);
  }

  @Override
  public Type<AdaGrad> type() {
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
    ops.stepByRoot(w, rate, dw, slots.get(0), epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
