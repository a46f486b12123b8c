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
 * The difference of two inputs, {@code y = a - b}.
 *
 * <p>Shapes: inputs (n, ...) that numpy broadcasts, aligned at the last axis; result (n, ...) with
 * the larger length of each axis. Gradients: dout and {@code -dout}, summed over the axes along
 * which an input is taken more than once.
 *
 * <p>Source: the reference's {@code subtract_forward}.
 */
public record Subtract() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Subtract> TYPE =
      Type.plain("subtract", Subtract.class, Subtract::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Subtract(), Shape.of(5), Shape.of(5)),
                      Sample.ofInputs(new Subtract(), Shape.of(2, 3), Shape.of(2, 1))));

  @Override
  public Type<Subtract> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Broadcast.shape(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new SubtractPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class SubtractPass extends BroadcastingPass {
    private final BroadcastingOps.Broadcast plan;

    SubtractPass(LayerContext context) {
      super(context);
      plan = plan(context.inputs().get(0), context.inputs().get(1));
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      plan.subtract(inputs.get(0), inputs.get(1), y);
    }

    @Override
    boolean isPassedOn(int input) {
      return input == 0;
    }

    @Override
    void wholeGradient(Ops ops, int input, Tensor dout, List<Tensor> inputs, Tensor gradient) {
      ops.negate(dout, gradient);
    }

    @Override
    Tensor outputTerms(List<Tensor> inputs, Tensor y) {
      Tensor sums = Tensor.zeros(y.shape());
      plan.add(Terms.magnitudes(inputs.get(0)), Terms.magnitudes(inputs.get(1)), sums);
      return sums;
    }
  }
}
