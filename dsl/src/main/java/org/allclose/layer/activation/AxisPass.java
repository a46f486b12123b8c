package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.ReductionOps;
import org.allclose.internal.pass.SampleAxes;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * The pass of a layer that does the same to all rows along one axis of a sample: the axis is moved
 * to the end, and back.
 */
abstract class AxisPass extends UnaryPass {
  private final ReductionOps ops;
  private final Shape batch;

  // A batch is (outer, length, inner); rows are (outer * inner, length).
  private final int outer;
  private final int length;
  private final int inner;
  private final Tensor out;
  private final Tensor rowsOut;
  private Tensor rowsX = Tensor.EMPTY;
  private Tensor rowsDout = Tensor.EMPTY;
  private Tensor rowsDx = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  AxisPass(LayerContext context, int axis) {
    ops = ReductionOps.of(context.dtype());
    Shape sample = context.input();
    batch = sample.prepend(context.batch());
    int resolved = SampleAxes.resolve(axis, sample);
    length = sample.axis(resolved);
    int rest = 1;
    for (int i = resolved + 1; i < sample.rank(); i++) {
      rest *= sample.axis(i);
    }
    inner = rest;
    outer = batch.size() / length / inner;
    out = Tensor.zeros(batch);
    rowsOut = inner == 1 ? Tensor.wrap(rows(), out.unwrap()) : Tensor.zeros(rows());
  }

  private Shape rows() {
    return Shape.of(outer * inner, length);
  }

  /** Returns the operations along axes. */
  final ReductionOps ops() {
    return ops;
  }

  /** Computes y of x, both (rows, length), in C order whatever their shapes. */
  abstract void compute(Tensor x, Tensor y);

  /**
   * Computes the gradient of x, (rows, length) as all others, in C order whatever their shapes but
   * for y's.
   */
  abstract void computeGradient(Tensor dout, Tensor y, Tensor result);

  /** Returns the terms of a pass over rows: inputs and results are (rows, length). */
  abstract Terms rowTerms(int columns);

  @Override
  public final Tensor forward(Tensor x) {
    if (inner == 1) {
      compute(x, rowsOut);
      return out;
    }
    if (rowsX.size() == 0) {
      rowsX = Tensor.zeros(rows());
    }
    ops.transposeEach(x, outer, length, inner, rowsX);
    compute(rowsX, rowsOut);
    ops.transposeEach(rowsOut, outer, inner, length, out);
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = Tensor.zeros(batch);
      rowsDx = inner == 1 ? dx : Tensor.zeros(rows());
      rowsDout = inner == 1 ? Tensor.EMPTY : Tensor.zeros(rows());
    }
    if (inner == 1) {
      computeGradient(dout, rowsOut, dx);
      return dx;
    }
    ops.transposeEach(dout, outer, length, inner, rowsDout);
    computeGradient(rowsDout, rowsOut, rowsDx);
    ops.transposeEach(rowsDx, outer, inner, length, dx);
    return dx;
  }

  @Override
  public final Terms terms() {
    Terms ofRows = rowTerms(length);
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return fromRows(ofRows.forward(List.of(toRows(inputs.get(0))), toRows(y)));
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        List<Tensor> own = List.of(toRows(gradients.get(0)));
        return List.of(fromRows(ofRows.backward(toRows(dout), own).get(0)));
      }
    };
  }

  private Tensor toRows(Tensor values) {
    Tensor rows = Tensor.zeros(rows());
    ops.transposeEach(values, outer, length, inner, rows);
    return rows;
  }

  private Tensor fromRows(Tensor rows) {
    Tensor values = Tensor.zeros(batch);
    ops.transposeEach(rows, outer, inner, length, values);
    return values;
  }
}
