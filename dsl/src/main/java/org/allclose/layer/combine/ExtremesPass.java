package org.allclose.layer.combine;

import java.util.Arrays;
import java.util.Optional;
import org.allclose.internal.ops.ReductionOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The pass of the largest, or of the smallest, element along axes. */
final class ExtremesPass extends UnaryPass {
  private final LayerContext context;
  private final ReductionOps.Extreme extreme;
  private final boolean isLargest;
  private final Ties ties;

  /** What was found in another batch, if that decides. */
  private final Optional<Decision> decided;

  private final int[] places;
  private final Tensor out;
  private Tensor dx = Tensor.EMPTY;
  private Tensor input = Tensor.EMPTY;

  /** A batch and what was found in it. */
  private record Decision(Tensor x, Tensor y) {}

  /**
   * @param axes of a sample, from 0, in order
   */
  ExtremesPass(LayerContext context, int[] axes, Shape output, boolean isLargest, Ties ties) {
    this.context = context;
    this.isLargest = isLargest;
    this.ties = ties;
    decided = Optional.empty();
    extreme =
        ReductionOps.of(context.dtype())
            .extreme(
                context.input().prepend(context.batch()),
                Arrays.stream(axes).map(axis -> axis + 1).toArray());
    places = new int[extreme.resultSize()];
    out = context.newBatch(output);
  }

  private ExtremesPass(ExtremesPass other, Decision decision) {
    context = other.context;
    isLargest = other.isLargest;
    ties = other.ties;
    extreme = other.extreme;
    decided = Optional.of(decision);
    places = other.places.clone();
    out = Tensor.zeros(other.out.shape());
  }

  @Override
  public Tensor forward(Tensor x) {
    input = x;
    if (decided.isEmpty() && isLargest) {
      extreme.largest(x, places);
    } else if (decided.isEmpty()) {
      extreme.smallest(x, places);
    }
    extreme.take(x, places, out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    if (ties == Ties.FIRST) {
      extreme.put(dout, places, dx);
    } else if (decided.isPresent()) {
      extreme.share(dout, decided.get().x, decided.get().y, dx);
    } else {
      extreme.share(dout, input, out, dx);
    }
    return dx;
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    return new ExtremesPass(this, new Decision(input.copy(), out.copy()));
  }

  @Override
  public void release() {
    super.release();
    input = Tensor.EMPTY;
  }
}
