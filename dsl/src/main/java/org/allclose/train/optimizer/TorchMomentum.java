package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Gradient descent with momentum as PyTorch has it: {@code v = momentum * v + dw; w -= rate * v}.
 *
 * <p>Source: PyTorch {@code SGD(momentum=...)}, without dampening. {@link Momentum} is cs231n's and
 * Keras', whose velocity holds the rate.
 *
 * @param momentum how much of the velocity is kept, at least 0 and below 1
 */
public record TorchMomentum(double momentum) implements Optimizer {

  /** How much of the velocity is kept where nothing is said. */
  public static final double DEFAULT_MOMENTUM = 0.9;

  private static final Setting<TorchMomentum, Double> MOMENTUM =
      OptimizerSettings.share("momentum", TorchMomentum::momentum, DEFAULT_MOMENTUM).bare();
  private static final List<Slot> SLOTS = List.of(new Slot("velocity", 0));

  /** What this kind of optimizer says of itself. */
  public static final Type<TorchMomentum> TYPE =
      Type.of(
              "torchMomentum",
              TorchMomentum.class,
              v -> new TorchMomentum(v.get(MOMENTUM)),
              MOMENTUM)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new TorchMomentum()),
                      Sample.ofInputs(new TorchMomentum(0.5))));

  /**
   * @throws IllegalArgumentException if momentum is out of its range
   */
  public TorchMomentum {
    MOMENTUM.check(momentum);
  }

  /** An optimizer with the default. */
  public TorchMomentum() {
    this(DEFAULT_MOMENTUM);
  }

  @Override
  public Type<TorchMomentum> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return SLOTS;
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps ops = TrainingOps.of(w.dtype());
    ops.scale(slots.get(0), momentum);
    ops.subtractScaled(slots.get(0), -1, dw); // - (-1 * dw) has the bits of + dw
    ops.subtractScaled(w, rate, slots.get(0));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
