package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.internal.kernel.sequence.Cell;
import org.allclose.internal.kernel.sequence.GruCell;
import org.allclose.internal.kernel.sequence.LstmCell;
import org.allclose.internal.kernel.sequence.PlainCell;
import org.allclose.internal.kernel.sequence.Recurrence;
import org.allclose.internal.kernel.sequence.ResetFirstGruCell;
import org.allclose.tensor.Tensor;

/** A recurrent layer in double precision. */
final class Float64Recurrent implements Recurrent {
  private static final double[] NONE = {};

  private final Kind kind;
  private final Recurrence.Size size;
  private final boolean reverse;
  private final Result result;
  private final Recurrence recurrence;
  private Optional<Recurrence.Weights> ofParameters = Optional.empty();

  Float64Recurrent(
      Kind kind, Recurrence.Size size, boolean reverse, Result result, Weights weights) {
    this.kind = kind;
    this.size = size;
    this.reverse = reverse;
    this.result = result;
    recurrence = new Recurrence(cell(kind), size, reverse, unwrap(weights));
  }

  private static Cell cell(Kind kind) {
    return switch (kind) {
      case TANH -> PlainCell.TANH;
      case RELU -> PlainCell.RELU;
      case LSTM -> LstmCell.INSTANCE;
      case GRU -> GruCell.INSTANCE;
      case GRU_RESET_FIRST -> ResetFirstGruCell.INSTANCE;
    };
  }

  private static Recurrence.Weights unwrap(Weights w) {
    return new Recurrence.Weights(w.wx().unwrap(), w.wh().unwrap(), w.b().unwrap(), unwrap(w.bh()));
  }

  private static double[] unwrap(Optional<Tensor> tensor) {
    return tensor.isPresent() ? tensor.get().unwrap() : NONE;
  }

  @Override
  public void forward(Tensor x, Tensor h0, Tensor c0, Tensor lengths, Tensor y) {
    recurrence.forward(x.unwrap(), h0.unwrap(), c0.unwrap(), lengths.unwrap());
    copyResult(recurrence, y);
  }

  @Override
  public void release() {
    recurrence.release();
  }

  private void copyResult(Recurrence from, Tensor y) {
    switch (result) {
      case SEQUENCE -> from.states(y.unwrap());
      case LAST -> from.lastState(y.unwrap());
      case CELL -> from.lastMemory(y.unwrap());
    }
  }

  @Override
  public void backward(Tensor dout, Tensor dx, Weights gradients) {
    if (ofParameters.isEmpty()) {
      ofParameters = Optional.of(unwrap(gradients));
    }
    Recurrence.Weights own = ofParameters.get();
    if (result == Result.SEQUENCE) {
      recurrence.backwardFromStates(dout.unwrap(), dx.unwrap(), own);
    } else {
      recurrence.backwardFromLast(dout.unwrap(), result == Result.CELL, dx.unwrap(), own);
    }
  }

  @Override
  public void stateGradient(Tensor dh0) {
    recurrence.startGradient(dh0.unwrap());
  }

  @Override
  public void memoryGradient(Tensor dc0) {
    recurrence.startMemoryGradient(dc0.unwrap());
  }

  @Override
  public Recurrent terms(Weights magnitudes, Tensor y) {
    Float64Recurrent terms = new Float64Recurrent(kind, size, reverse, result, magnitudes);
    terms.recurrence.takeMagnitudes(recurrence);
    terms.recurrence.statesToTerms();
    copyResult(terms.recurrence, y);
    terms.recurrence.takeMagnitudes(recurrence);
    return terms;
  }
}
