package org.allclose.layer.combine;

import java.util.List;
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
 * <p>Shapes: both inputs (n, ...) of one shape, result as they. Gradients: {@code da = dout * b},
 * {@code db = dout * a}.
 *
 * <p>Source: the reference's {@code multiply_forward}.
 */
public record Multiply() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Multiply> TYPE =
      Type.plain("multiply", Multiply.class, Multiply::new)
          .withSamples(() -> List.of(Sample.ofInputs(new Multiply(), Shape.of(5), Shape.of(5))));

  @Override
  public Type<Multiply> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.requireSame(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MultiplyPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class MultiplyPass extends CombiningPass {
    MultiplyPass(LayerContext context) {
      super(context, context.input());
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      ops.multiply(inputs.get(0), inputs.get(1), y);
    }

    @Override
    void computeGradients(Ops ops, Tensor dout, List<Tensor> inputs, List<Tensor> gradients) {
      ops.multiply(dout, inputs.get(1), gradient(gradients, 0));
      ops.multiply(dout, inputs.get(0), gradient(gradients, 1));
    }
  }
}
