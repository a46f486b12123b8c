package org.allclose.layer.combine;

import java.util.List;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * The sum of two or more inputs, one addition after another: {@code y = (a + b) + c}.
 *
 * <p>Shapes: inputs (n, ...) that numpy broadcasts, aligned at the last axis; result (n, ...) with
 * the larger length of each axis. Gradient: dout for each, summed over the axes along which an
 * input is taken more than once.
 *
 * <p>Source: the reference's {@code add_forward}; He et al., Deep Residual Learning for Image
 * Recognition, 2015, where a block's input is added to its output.
 */
public record Add() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Add> TYPE =
      Type.plain("add", Add.class, Add::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Add(), Shape.of(5), Shape.of(5)),
                      Sample.ofInputs(new Add(), Shape.of(2, 3), Shape.of(2, 3), Shape.of(2, 3)),
                      Sample.ofInputs(new Add(), Shape.of(2, 1), Shape.of(3), Shape.of(2, 2, 3))));

  @Override
  public Type<Add> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Broadcast.shape(Inputs.requireSeveral(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AddPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class AddPass extends BroadcastingPass {
    private final BroadcastingOps.Broadcast[] plans;

    /** The sums so far, where they do not have the shape of the output. */
    private final Tensor[] parts;

    AddPass(LayerContext context) {
      super(context);
      List<Shape> inputs = context.inputs();
      Shape output = Broadcast.shape(inputs);
      plans = new BroadcastingOps.Broadcast[inputs.size() - 1];
      parts = new Tensor[plans.length];
      Shape sum = inputs.get(0);
      for (int i = 0; i < plans.length; i++) {
        plans[i] = plan(sum, inputs.get(i + 1));
        sum = Broadcast.shape(List.of(sum, inputs.get(i + 1)));
        parts[i] = sum.equals(output) ? Tensor.EMPTY : context.newBatch(sum);
      }
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      Tensor sum = inputs.get(0);
      for (int i = 0; i < plans.length; i++) {
        Tensor next = parts[i].size() == 0 ? y : parts[i];
        plans[i].add(sum, inputs.get(i + 1), next);
        sum = next;
      }
    }

    @Override
    boolean isPassedOn(int input) {
      return true;
    }

    @Override
    void wholeGradient(Ops ops, int input, Tensor dout, List<Tensor> inputs, Tensor gradient) {
      throw new IllegalStateException("expected dout itself to be passed on");
    }

    @Override
    Tensor outputTerms(List<Tensor> inputs, Tensor y) {
      Tensor sums = Tensor.zeros(y.shape());
      compute(Ops.of(context.dtype()), inputs.stream().map(Terms::magnitudes).toList(), sums);
      return sums;
    }
  }
}
