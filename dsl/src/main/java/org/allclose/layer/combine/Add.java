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
 * The sum of two or more inputs, one addition after another: {@code y = (a + b) + c}.
 *
 * <p>Shapes: all inputs (n, ...) of one shape, result as they. Gradient: dout for each.
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
                      Sample.ofInputs(new Add(), Shape.of(2, 3), Shape.of(2, 3), Shape.of(2, 3))));

  @Override
  public Type<Add> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Inputs.requireSame(Inputs.requireSeveral(inputs));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new AddPass(context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class AddPass extends CombiningPass {
    AddPass(LayerContext context) {
      super(context, context.input());
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      ops.add(inputs.get(0), inputs.get(1), y);
      for (int i = 2; i < inputs.size(); i++) {
        ops.add(y, inputs.get(i), y);
      }
    }

    @Override
    void computeGradients(Ops ops, Tensor dout, List<Tensor> inputs, List<Tensor> gradients) {
      for (int i = 0; i < gradients.size(); i++) {
        gradients.set(i, dout);
      }
    }

    @Override
    public Terms terms() {
      return Inputs.sumTerms();
    }
  }
}
