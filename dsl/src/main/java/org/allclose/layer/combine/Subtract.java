package org.allclose.layer.combine;

import java.util.List;
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
 * <p>Shapes: both inputs (n, ...) of one shape, result as they. Gradients: dout and {@code -dout}.
 *
 * <p>Source: the reference's {@code subtract_forward}.
 */
public record Subtract() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Subtract> TYPE =
      Type.plain("subtract", Subtract.class, Subtract::new)
          .withSamples(() -> List.of(Sample.ofInputs(new Subtract(), Shape.of(5), Shape.of(5))));

  @Override
  public Type<Subtract> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.requireSame(Inputs.requireTwo(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new SubtractPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class SubtractPass extends CombiningPass {
    SubtractPass(LayerContext context) {
      super(context, context.input());
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      ops.subtract(inputs.get(0), inputs.get(1), y);
    }

    @Override
    void computeGradients(Ops ops, Tensor dout, List<Tensor> inputs, List<Tensor> gradients) {
      gradients.set(0, dout);
      ops.negate(dout, gradient(gradients, 1));
    }

    @Override
    public Terms terms() {
      return Inputs.sumTerms();
    }
  }
}
