package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Nesterov's momentum as Keras has it: {@code v = momentum * v - rate * dw; w += momentum * v -
 * rate * dw}.
 *
 * <p>Source: Keras 3 {@code SGD(nesterov=True)}. {@link Nesterov} is cs231n's.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record KerasNesterov(double momentum) implements Optimizer {

  /** How much of the velocity is kept where nothing is said. */
  public static final double DEFAULT_MOMENTUM = 0.9;

  private static final Setting<KerasNesterov, Double> MOMENTUM =
      OptimizerSettings.share("momentum", KerasNesterov::momentum, DEFAULT_MOMENTUM).bare();
  private static final List<Slot> SLOTS = List.of(new Slot("velocity", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<KerasNesterov> TYPE =
      Type.of(
              "kerasNesterov",
              KerasNesterov.class,
              v -> new KerasNesterov(v.get(MOMENTUM)),
              MOMENTUM)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new KerasNesterov()),
                      Sample.ofInputs(new KerasNesterov(0.5))));

  /**
   * @throws IllegalArgumentException if momentum is out of its range
   */
  public KerasNesterov {
    MOMENTUM.check(momentum);
  }

  /** An optimizer with the default. */
  public KerasNesterov() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public Type<KerasNesterov> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps.of(w.dtype()).kerasNesterovStep(w, slots.get(0), momentum, rate, dw);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
