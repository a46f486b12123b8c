package org.allclose.internal.ops;

import org.allclose.internal.kernel.sequence.Lookup;
import org.allclose.internal.kernel.sequence.PairTurns;
import org.allclose.internal.kernel.sequence.Positions;
import org.allclose.internal.kernel.sequence.Recurrence;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Operations of layers of sequences in double precision: each is a call of the kernels. */
final class Float64SequenceOps implements SequenceOps {
  static final SequenceOps INSTANCE = new Float64SequenceOps();

  private Float64SequenceOps() {}

  @Override
  public Recurrent recurrent(
      Recurrent.Kind kind,
      Shape x,
      int units,
      boolean reverse,
      Recurrent.Result result,
      Recurrent.Weights weights) {
    Recurrence.Size size = new Recurrence.Size(x.axis(0), x.axis(1), x.axis(2), units);
    return new Float64Recurrent(kind, size, reverse, result, weights);
  }

  @Override
  public void lookUp(Tensor table, Tensor tokens, Tensor out) {
    Lookup.rows(table.unwrap(), table.shape().axis(1), tokens.unwrap(), out.unwrap());
  }

  @Override
  public void addRows(Tensor rows, Tensor tokens, int except, Tensor sums) {
    Lookup.addRows(rows.unwrap(), sums.shape().axis(1), tokens.unwrap(), except, sums.unwrap());
  }

  @Override
  public void positions(double base, Tensor table) {
    Positions.encoding(table.shape().axis(0), table.shape().axis(1), base, table.unwrap());
  }

  @Override
  public void termsOfPositions(double base, Tensor table) {
    Positions.encodingTerms(table.shape().axis(0), table.shape().axis(1), base, table.unwrap());
  }

  @Override
  public Rotation rotation(Shape sample, double base, boolean interleaved) {
    int steps = sample.axis(sample.rank() - 2);
    int pairs = sample.axis(sample.rank() - 1) / 2;
    return new Planned(new PairTurns(steps, pairs, base, interleaved));
  }

  private record Planned(PairTurns turns) implements Rotation {

    @Override
    public void forward(Tensor x, Tensor out) {
      turns.turn(x.unwrap(), out.unwrap());
    }

    @Override
    public void backward(Tensor dout, Tensor dx) {
      turns.turnBack(dout.unwrap(), dx.unwrap());
    }

    @Override
    public void terms(Tensor x, Tensor out) {
      turns.terms(x.unwrap(), out.unwrap());
    }
  }
}
