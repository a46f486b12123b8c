package org.allclose.layer.combine;

import java.util.List;
import java.util.Optional;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.tensor.Tensor;

/** The pass of the larger, or the smaller, of two inputs. */
final class ExtremePass extends BroadcastingPass {
  private final boolean isLargest;
  private final BroadcastingOps.Broadcast plan;
  private final BroadcastingOps.Broadcast swapped;

  /** What each input has of the output, where that was decided for another batch. */
  private final Optional<List<Tensor>> decided;

  ExtremePass(LayerContext context, boolean isLargest) {
    this(context, isLargest, Optional.empty());
  }

  private ExtremePass(LayerContext context, boolean isLargest, Optional<List<Tensor>> decided) {
    super(context);
    this.isLargest = isLargest;
    this.decided = decided;
    plan = plan(context.inputs().get(0), context.inputs().get(1));
    swapped = plan(context.inputs().get(1), context.inputs().get(0));
  }

  @Override
  void compute(Ops ops, List<Tensor> inputs, Tensor y) {
    if (decided.isPresent()) {
      computeDecided(decided.get(), inputs, y);
    } else if (isLargest) {
      plan.maximum(inputs.get(0), inputs.get(1), y);
    } else {
      plan.minimum(inputs.get(0), inputs.get(1), y);
    }
  }

  private void computeDecided(List<Tensor> shares, List<Tensor> inputs, Tensor y) {
    Tensor a = Tensor.zeros(y.shape());
    swapped.expand(inputs.get(1), inputs.get(0), a);
    plan.expand(inputs.get(0), inputs.get(1), y);
    for (int i = 0; i < y.size(); i++) {
      double share = shares.get(0).unwrap()[i];
      if (share > 0) {
        double b = shares.get(1).unwrap()[i] > 0 ? y.unwrap()[i] : a.unwrap()[i];
        y.unwrap()[i] = (a.unwrap()[i] + b) / 2;
      }
    }
  }

  /** Computes what an input has of the output: all, half where both are equal, or nothing. */
  private void share(int input, List<Tensor> inputs, Tensor share) {
    // The share of the largest is that of the first argument.
    boolean inOrder = (input == 0) == isLargest;
    if (inOrder) {
      plan.share(inputs.get(0), inputs.get(1), share);
    } else {
      swapped.share(inputs.get(1), inputs.get(0), share);
    }
  }

  @Override
  void wholeGradient(Ops ops, int input, Tensor dout, List<Tensor> inputs, Tensor gradient) {
    if (decided.isPresent()) {
      ops.multiply(dout, decided.get().get(input), gradient);
      return;
    }
    share(input, inputs, gradient);
    ops.multiply(dout, gradient, gradient);
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    List<Tensor> shares = List.of(newOutput(), newOutput());
    for (int i = 0; i < shares.size(); i++) {
      share(i, inputs(), shares.get(i));
    }
    return new ExtremePass(context, isLargest, Optional.of(shares));
  }
}
