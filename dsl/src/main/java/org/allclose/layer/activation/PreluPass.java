package org.allclose.layer.activation;

import java.util.List;
import org.allclose.internal.ops.FunctionOps;
import org.allclose.internal.ops.Groups;
import org.allclose.internal.ops.Ops;
import org.allclose.internal.pass.ElementwisePass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.Terms;
import org.allclose.tensor.Tensor;

/** Multiplies what is not positive by the slope of its group. */
final class PreluPass extends ElementwisePass {
  private final LayerContext context;
  private final FunctionOps functions;
  private final Groups groups;

  /** What decides which elements are multiplied, if it is not the input. */
  private final Tensor decided;

  private Tensor products = Tensor.EMPTY;

  PreluPass(LayerContext context, Groups groups) {
    this(context, groups, Tensor.EMPTY);
  }

  private PreluPass(LayerContext context, Groups groups, Tensor decided) {
    super(context);
    this.context = context;
    this.groups = groups;
    this.decided = decided;
    functions = FunctionOps.of(context.dtype());
  }

  private Tensor sign(Tensor x) {
    return decided.size() == 0 ? x : decided;
  }

  @Override
  protected void compute(Ops ops, Tensor x, Tensor y) {
    functions.scaleNotPositive(x, sign(x), groups, context.parameter(Prelu.ALPHA), y);
  }

  @Override
  protected void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx) {
    if (products.size() == 0) {
      products = context.newInputBatch();
    }
    functions.scaleNotPositive(dout, sign(x), groups, context.parameter(Prelu.ALPHA), dx);
    functions.multiplyNotPositive(dout, x, sign(x), products);
    sum(ops, products, context.gradient(Prelu.ALPHA));
  }

  private void sum(Ops ops, Tensor values, Tensor out) {
    if (groups.groups() == 1 && groups.outer() == 1) {
      ops.sumOfRows(values, groups, out);
    } else if (context.input().rank() == 1) {
      ops.sumOverRows(values, groups, out);
    } else {
      ops.sumOfChannels(values, groups, out);
    }
  }

  @Override
  public Terms terms() {
    Terms elements = super.terms();
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return elements.forward(inputs, y);
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        return elements.backward(dout, gradients);
      }

      @Override
      public Tensor gradient(String parameter, Tensor value) {
        Tensor sums = Tensor.zeros(value.shape());
        for (int i = 0; i < products.size(); i++) {
          sums.unwrap()[groups.of(i)] += Math.abs(products.unwrap()[i]);
        }
        return sums;
      }
    };
  }

  @Override
  public Pass disturbed(RoundingErrors errors) {
    return new PreluPass(context, groups, input().copy());
  }
}
