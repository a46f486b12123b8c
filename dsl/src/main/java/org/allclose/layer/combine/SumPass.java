package org.allclose.layer.combine;

import java.util.Arrays;
import java.util.List;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.ops.ReductionOps;
import org.allclose.internal.pass.SampleAxes;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The pass of the sum, or of the mean, over axes. */
final class SumPass extends UnaryPass {
  private final LayerContext context;
  private final ReductionOps ops;
  private final BroadcastingOps.AxesSum sum;
  private final BroadcastingOps.Broadcast spread;

  /** What a sum is divided by. */
  private final double divisor;

  private final Tensor out;
  private Tensor shares = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  /**
   * @param axes of a sample, from 0, in order
   */
  SumPass(LayerContext context, int[] axes, Shape output, boolean isMean) {
    this.context = context;
    ops = ReductionOps.of(context.dtype());
    Shape batch = context.input().prepend(context.batch());
    Shape kept = SampleAxes.without(axes, context.input(), true);
    BroadcastingOps broadcasting = BroadcastingOps.of(context.dtype());
    sum = broadcasting.sum(batch, Arrays.stream(axes).map(axis -> axis + 1).toArray());
    spread = broadcasting.broadcast(batch, kept.prepend(context.batch()));
    divisor = isMean ? (double) context.input().size() / output.size() : 1;
    out = context.newBatch(output);
  }

  @Override
  public Tensor forward(Tensor x) {
    sum(x, out);
    return out;
  }

  private void sum(Tensor x, Tensor y) {
    sum.run(x, y);
    if (divisor != 1) {
      ops.divide(y, divisor, y);
    }
  }

  @Override
  public Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
      shares = divisor == 1 ? Tensor.EMPTY : Tensor.zeros(out.shape());
    }
    Tensor share = dout;
    if (divisor != 1) {
      ops.divide(dout, divisor, shares);
      share = shares;
    }
    spread.expand(dx, share, dx);
    return dx;
  }

  @Override
  public Terms terms() {
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        Tensor sums = Tensor.zeros(y.shape());
        sum(Terms.magnitudes(inputs.get(0)), sums);
        return sums;
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        return gradients.stream().map(Terms::magnitudes).toList();
      }
    };
  }
}
