package org.allclose.train.optimizer;

import java.util.List;
import org.allclose.internal.ops.TrainingOps;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Gradient descent: {@code w -= rate * dw}.
 *
 * <p>Source: cs231n {@code sgd}; Keras {@code SGD}.
 */
public record Sgd() implements Optimizer {

  /** What this kind of optimizer says of itself. */
  public static final Type<Sgd> TYPE =
      Type.plain("sgd", Sgd.class, Sgd::new).withSamples(() -> List.of(Sample.ofInputs(new Sgd())));

  @Override
  public Type<Sgd> type() {
    return TYPE;
  }

  @Override
  public List<Slot> slots() {
    return List.of();
  }

  @Override
  public void update(Tensor w, Tensor dw, double rate, List<Tensor> slots, long step) {
    TrainingOps.of(w.dtype()).subtractScaled(w, rate, dw);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
