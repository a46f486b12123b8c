package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Gradient descent with momentum: {@code v = momentum * v - rate * dw; w += v}.
 *
 * <p>Source: cs231n {@code sgd_momentum}; Keras {@code SGD(momentum=...)}, whose default is 0.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record Momentum(double momentum) implements Optimizer {

  /** How much of the velocity is kept where nothing is said. */
  public static final double DEFAULT_MOMENTUM = 0.9;

  private static final Setting<Momentum, Double> MOMENTUM =
      OptimizerSettings.share("momentum", Momentum::momentum, DEFAULT_MOMENTUM).bare();
  private static final List<Slot> SLOTS = List.of(new Slot("velocity", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<Momentum> TYPE =
      Type.of("momentum", Momentum.class, v -> new Momentum(v.get(MOMENTUM)), MOMENTUM)
          .withSamples(
              () -> List.of(Sample.ofInputs(new Momentum()), Sample.ofInputs(new Momentum(0.5))));

  /**
   * @throws IllegalArgumentException if momentum is out of its range
   */
  public Momentum {
    MOMENTUM.check(momentum);
  }

  /** An optimizer with the default. */
  public Momentum() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public Type<Momentum> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps.of(w.dtype()).momentumStep(w, slots.get(0), momentum, rate, dw);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
