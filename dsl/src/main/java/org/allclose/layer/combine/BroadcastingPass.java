package org.allclose.layer.combine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * The pass of a layer whose inputs are {@linkplain Broadcast broadcast}, element by element.
 *
 * <p>The gradient of an input is computed as if it had the shape of the output, and then summed
 * over the axes along which it was taken more than once: {@code np.sum(gradient, axis)} over all of
 * them at once.
 */
abstract class BroadcastingPass extends CombiningPass {
  private final BroadcastingOps broadcasting;
  private final Shape output;
  private final List<Optional<BroadcastingOps.AxesSum>> sums = new ArrayList<>();
  private Tensor whole = Tensor.EMPTY;

  BroadcastingPass(LayerContext context) {
    super(context, Broadcast.shape(context.inputs()));
    broadcasting = BroadcastingOps.of(context.dtype());
    output = Broadcast.shape(context.inputs());
    for (Shape input : context.inputs()) {
      int[] axes = Broadcast.repeatedAxes(input, output);
      sums.add(
          axes.length == 0
              ? Optional.empty()
              : Optional.of(broadcasting.sum(output.prepend(context.batch()), axes)));
    }
  }

  /** Plans operations on a batch of samples of two shapes. */
  final BroadcastingOps.Broadcast plan(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    return broadcasting.broadcast(
        Broadcast.aligned(context.batch(), a, rank), Broadcast.aligned(context.batch(), b, rank));
  }

  /** Plans operations on a batch of the output, or of its gradient, and one of the inputs. */
  final BroadcastingOps.Broadcast planOfOutput(int input) {
    return plan(output, context.inputs().get(input));
  }

  /** Returns whether the gradient of an input that is not broadcast is dout itself. */
  boolean isPassedOn(int input) {
    return false;
  }

  /**
   * Computes the gradient of an input in the shape of the output.
   *
   * @param gradient modified
   */
  abstract void wholeGradient(
      Ops ops, int input, Tensor dout, List<Tensor> inputs, Tensor gradient);

  /** Returns the terms of the output. */
  Tensor outputTerms(List<Tensor> inputs, Tensor y) {
    return Terms.magnitudes(y);
  }

  @Override
  final void computeGradients(Ops ops, Tensor dout, List<Tensor> inputs, List<Tensor> gradients) {
    for (int i = 0; i < gradients.size(); i++) {
      Optional<BroadcastingOps.AxesSum> sum = sums.get(i);
      if (sum.isEmpty() && isPassedOn(i)) {
        gradients.set(i, dout);
      } else if (sum.isEmpty()) {
        wholeGradient(ops, i, dout, inputs, gradient(gradients, i));
      } else if (isPassedOn(i)) {
        sum.get().run(dout, gradient(gradients, i));
      } else {
        if (whole.size() == 0) {
          whole = context.newBatch(output);
        }
        wholeGradient(ops, i, dout, inputs, whole);
        sum.get().run(whole, gradient(gradients, i));
      }
    }
  }

  @Override
  public final Terms terms() {
    Ops ops = Ops.of(context.dtype());
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return outputTerms(inputs, y);
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        List<Tensor> terms = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
          Tensor own = dout;
          if (!isPassedOn(i)) {
            own = Tensor.zeros(dout.shape());
            wholeGradient(ops, i, dout, inputs(), own);
          }
          Tensor magnitudes = Terms.magnitudes(own);
          Tensor result = Tensor.zeros(gradients.get(i).shape());
          sums.get(i)
              .ifPresentOrElse(
                  sum -> sum.run(magnitudes, result), () -> ops.scale(magnitudes, 1, result));
          terms.add(result);
        }
        return terms;
      }
    };
  }
}
