package org.allclose.layer.combine;

import java.util.List;
import org.allclose.internal.ops.Groups;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** The pass of a layer that gives each sample a parameter of its own: {@code [value] * n}. */
final class SourcePass implements Pass {
  private final LayerContext context;
  private final Ops ops;
  private final String parameter;
  private final boolean isTrained;
  private final int size;
  private final Groups columns;
  private final Tensor out;

  SourcePass(LayerContext context, Shape shape, String parameter, boolean isTrained) {
    this.context = context;
    this.parameter = parameter;
    this.isTrained = isTrained;
    ops = Ops.of(context.dtype(), context.threads());
    size = shape.size();
    columns = new Groups(context.batch(), size, 1);
    out = context.newBatch(shape);
  }

  @Override
  public Tensor forward(List<Tensor> inputs) {
    Tensor value = context.parameter(parameter);
    for (int i = 0; i < context.batch(); i++) {
      ops.putBlocks(value, size, out, i * size, size);
    }
    return out;
  }

  @Override
  public List<Tensor> backwardToInputs(Tensor dout) {
    if (isTrained) {
      ops.sumOverRows(dout, columns, context.gradient(parameter));
    }
    return List.of();
  }

  @Override
  public Terms terms() {
    return new Terms() {
      private final Tensor sums = Tensor.zeros(context.parameter(parameter).shape());

      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return Terms.magnitudes(y);
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        ops.sumOverRows(Terms.magnitudes(dout), columns, sums);
        return List.of();
      }

      @Override
      public Tensor gradient(String name, Tensor value) {
        return sums;
      }
    };
  }
}
