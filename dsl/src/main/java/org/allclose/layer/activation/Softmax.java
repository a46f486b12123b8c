package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Softmax, {@code y = exp(x - max) / sum(exp(x - max))} over the classes of a sample: a head that
 * turns scores into probabilities. The softmax loss takes scores and not these.
 *
 * <p>Shapes: x (n, C), result (n, C).
 *
 * <p>Source: the reference's {@code softmax_forward}.
 */
public record Softmax() implements UnaryLayer {

  /** What this kind of layer says of itself. */
  public static final Type<Softmax> TYPE =
      Type.plain("softmax", Softmax.class, Softmax::new)
          .withSamples(() -> List.of(Sample.of(new Softmax(), 5)));

  @Override
  public Type<Softmax> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new ShapeMismatchException("expected input of shape (classes,) but got " + input);
    }
    return input;
  }

  @Override
  public Pass pass(LayerContext context) {
    int classes = context.input().size();
    return new ElementwisePass(context) {
      private Tensor products = Tensor.EMPTY;

      @Override
      protected void compute(Ops ops, Tensor x, Tensor y) {
        ops.softmax(x, y);
      }

      @Override
      protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
        if (products.size() == 0) {
          products = Tensor.zeros(y.shape());
        }
        ops.softmaxGradient(dout, y, products, dx);
      }

      @Override
      public Terms terms() {
        return new SoftmaxTerms(classes);
      }
    };
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
