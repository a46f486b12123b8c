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
 * The product of two inputs, element by element: {@code y = a * b}.
 *
 * <p>Shapes: inputs (n, ...) that numpy broadcasts, aligned at the last axis; result (n, ...) with
 * the larger length of each axis. Gradients: {@code da = dout * b}, {@code db = dout * a}, summed
 * over the axes along which an input is taken more than once.
 *
 * <p>Source: the reference's {@code multiply_forward}.
 */
public record Multiply() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Multiply> TYPE =
      Type.plain("multiply", Multiply.class, Multiply::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Multiply(), Shape.of(5), Shape.of(5)),
                      Sample.ofInputs(new Multiply(), Shape.of(2, 3), Shape.of(2, 1))));

  @Override
  public Type<Multiply> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Broadcast.shape(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MultiplyPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class MultiplyPass extends BroadcastingPass {
    private final BroadcastingOps.Broadcast plan;
    private final BroadcastingOps.Broadcast byFirst;
    private final BroadcastingOps.Broadcast bySecond;

    MultiplyPass(LayerContext context) {
      super(context);
      plan = plan(context.inputs().get(0), context.inputs().get(1));
      byFirst = planOfOutput(0);
      bySecond = planOfOutput(1);
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      plan.multiply(inputs.get(0), inputs.get(1), y);
    }

    @Override
    void wholeGradient(Ops ops, int input, Tensor dout, List<Tensor> inputs, Tensor gradient) {
      if (input == 0) {
        bySecond.multiply(dout, inputs.get(1), gradient);
      } else {
        byFirst.multiply(dout, inputs.get(0), gradient);
      }
    }
  }
}
