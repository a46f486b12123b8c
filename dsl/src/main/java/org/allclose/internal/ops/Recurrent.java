package org.allclose.internal.ops;

import java.util.Optional;
import org.allclose.tensor.Tensor;

/** A recurrent layer that is planned for batches of one size. Belongs to one caller at a time. */
public interface Recurrent {

  /** What it computes in a step. */
  enum Kind {
    TANH(1),
    RELU(1),
    LSTM(4),
    GRU(3),
    GRU_RESET_FIRST(3);

    private final int gates;

    Kind(int gates) {
      this.gates = gates;
    }

    /** Returns how many gates there are. */
    public int gates() {
      return gates;
    }
  }

  /** What it gives. */
  enum Result {
    /** The states of all steps. */
    SEQUENCE,
    /** The state after the last step. */
    LAST,
    /** The memory after the last step. */
    CELL
  }

  /** The parameters, or their gradients. */
  record Weights(Tensor wx, Tensor wh, Tensor b, Optional<Tensor> bh) {}

  /**
   * Computes the result.
   *
   * @param h0 the state before the first step; empty for 0
   * @param c0 the memory before the first step; empty for 0
   * @param lengths of rows; empty if all are T; kept until the backward pass
   */
  void forward(Tensor x, Tensor h0, Tensor c0, Tensor lengths, Tensor y);

  /** Lets go of the lengths. */
  void release();

  /**
   * Computes the gradients of x and of the parameters.
   *
   * @param gradients the same each time; modified: overwritten
   */
  void backward(Tensor dout, Tensor dx, Weights gradients);

  /** Copies the gradient of the state before the first step. */
  void stateGradient(Tensor dh0);

  /** Copies the gradient of the memory before the first step. */
  void memoryGradient(Tensor dc0);

  /**
   * Returns the plan of terms: its backward pass gives those of the latest forward pass's
   * gradients.
   *
   * @param magnitudes of the parameters
   * @param y modified: overwritten with the terms of the result
   */
  Recurrent terms(Weights magnitudes, Tensor y);
}
