package org.allclose.layer.combine;

import java.util.List;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * The quotient of two inputs, element by element: {@code y = a / b}.
 *
 * <p>Shapes: inputs (n, ...) that numpy broadcasts, aligned at the last axis; result (n, ...) with
 * the larger length of each axis. Gradients: {@code da = dout / b}, {@code db = -dout * (y / b)},
 * summed over the axes along which an input is taken more than once.
 *
 * <p>Source: the reference's {@code divide_forward}; PyTorch has the same formulas.
 */
public record Divide() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Divide> TYPE =
      Type.plain("divide", Divide.class, Divide::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Divide(), Shape.of(5), Shape.of(5)),
                      Sample.ofInputs(new Divide(), Shape.of(2, 3), Shape.of(2, 1))));

  @Override
  public Type<Divide> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Broadcast.shape(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new DividePass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class DividePass extends BroadcastingPass {
    private final BroadcastingOps.Broadcast plan;
    private final BroadcastingOps.Broadcast bySecond;
    private Tensor quotient = Tensor.EMPTY;

    DividePass(LayerContext context) {
      super(context);
      plan = plan(context.inputs().get(0), context.inputs().get(1));
      bySecond = planOfOutput(1);
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      plan.divide(inputs.get(0), inputs.get(1), y);
      quotient = y;
    }

    @Override
    void wholeGradient(Ops ops, int input, Tensor dout, List<Tensor> inputs, Tensor gradient) {
      if (input == 0) {
        bySecond.divide(dout, inputs.get(1), gradient);
        return;
      }
      bySecond.divide(quotient, inputs.get(1), gradient);
      ops.multiply(dout, gradient, gradient);
      ops.negate(gradient, gradient);
    }
  }
}
