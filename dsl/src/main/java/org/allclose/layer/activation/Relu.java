package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.internal.pass.FactorPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Rectified linear unit, {@code y = x * (x > 0)}.
 *
 * <p>Shapes: x (n, ...), result as x. The product with the mask keeps numpy's rules: a negative x
 * gives -0.0, NaN and -inf give NaN.
 *
 * <p>Source: the reference's {@code relu_forward} and {@code relu_backward}; cs231n {@code
 * relu_forward}.
 */
public record Relu() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Relu> TYPE =
      Type.plain("relu", Relu.class, Relu::new)
          .withSamples(() -> List.of(Sample.of(new Relu(), 5)));

  @Override
  public Type<Relu> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    return new ReluPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class ReluPass extends ElementwisePass {
    private final LayerContext context;

    ReluPass(LayerContext context) {
      super(context);
      this.context = context;
    }

    @Override
    protected void compute(Ops ops, Tensor x, Tensor y) {
      ops.relu(x, y);
    }

    /** The mask is read off the output: it is positive exactly where the input is. */
    @Override
    protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
      ops.reluGradient(dout, y, dx);
    }

    @Override
    public Pass disturbed(RoundingErrors errors) {
      return new FactorPass(context, input().map(x -> x > 0 ? 1 : 0));
    }
  }
}
