package org.allclose.layer.sequence;

import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** The pass of a layer that adds a row of features to each step, the same to all samples. */
abstract class AddedRowsPass extends UnaryPass {
  final LayerContext context;
  private final BroadcastingOps.Broadcast plan;
  private final Tensor out;

  AddedRowsPass(LayerContext context) {
    this.context = context;
    out = context.newInputBatch();
    plan = BroadcastingOps.of(context.dtype()).broadcast(out.shape(), rowsShape());
  }

  /** Returns a shape if it is one of sequences. */
  static Shape requireSequence(Shape input) {
    if (input.rank() < 2) {
      throw new ShapeMismatchException(
          "expected input of shape (..., steps, features) but got " + input);
    }
    return input;
  }

  /** Returns the rows, (steps, features). */
  abstract Tensor rows();

  final Shape rowsShape() {
    Shape sample = context.input();
    return Shape.of(sample.axis(sample.rank() - 2), sample.axis(sample.rank() - 1));
  }

  final Tensor newRows() {
    return Tensor.zeros(rowsShape());
  }

  /** Computes {@code x + rows} of any rows. */
  final void add(Tensor x, Tensor rows, Tensor sums) {
    plan.add(x, rows, sums);
  }

  @Override
  public final Tensor forward(Tensor x) {
    plan.add(x, rows(), out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dout) {
    return dout;
  }
}
