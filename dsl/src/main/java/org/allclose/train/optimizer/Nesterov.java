package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Nesterov's momentum as cs231n has it: {@code before = v; v = momentum * v - rate * dw; w +=
 * -momentum * before + (1 + momentum) * v}.
 *
 * <p>Source: cs231n's notes "Neural Networks Part 3". {@link KerasNesterov} is the same in exact
 * arithmetic.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record Nesterov(double momentum) implements Optimizer {

  /** How much of the velocity is kept where nothing is said. */
  public static final double DEFAULT_MOMENTUM = 0.9;

  private static final Setting<Nesterov, Double> MOMENTUM =
      OptimizerSettings.share("momentum", Nesterov::momentum, DEFAULT_MOMENTUM).bare();
  private static final List<Slot> SLOTS = List.of(new Slot("velocity", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<Nesterov> TYPE =
      Type.of("nesterov", Nesterov.class, v -> new Nesterov(v.get(MOMENTUM)), MOMENTUM)
          .withSamples(
              () -> List.of(Sample.ofInputs(new Nesterov()), Sample.ofInputs(new Nesterov(0.5))));

  /**
   * @throws IllegalArgumentException if momentum is out of its range
   */
  public Nesterov {
    MOMENTUM.check(momentum);
  }

  /** An optimizer with the default. */
  public Nesterov() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public Type<Nesterov> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps.of(w.dtype()).nesterovStep(w, slots.get(0), momentum, rate, dw);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
