package org.allclose.layer.combine;

import java.util.Arrays;
import java.util.List;
import org.allclose.internal.ops.BroadcastingOps;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Type;

/**
 * Products of the matrices that two inputs are made of: {@code y[i] = a[i].dot(b[i])}.
 *
 * <p>Shapes: a (n, ..., m, k) and b (n, ..., k, p), whose leading axes numpy broadcasts, aligned at
 * the last of them; result (n, ..., m, p). Gradients: {@code da[i] = dout[i].dot(b[i].T)}, {@code
 * db[i] = a[i].T.dot(dout[i])}, summed over the axes along which an input is taken more than once.
 *
 * <p>Source: the reference's {@code matmul_forward}; {@code np.matmul} has the same result, in an
 * order of its own.
 */
public record Matmul() implements Layer {

  /** What this kind of layer says of itself. */
  public static final Type<Matmul> TYPE =
      Type.plain("matmul", Matmul.class, Matmul::new)
          .withSamples(
              () ->
                  List.of(
                      Sample.ofInputs(new Matmul(), Shape.of(2, 3), Shape.of(3, 4)),
                      Sample.ofInputs(new Matmul(), Shape.of(2, 2, 3), Shape.of(3, 2)),
                      Sample.ofInputs(new Matmul(), Shape.of(1, 2, 3), Shape.of(2, 3, 2))));

  @Override
  public Type<Matmul> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    Inputs.requireTwo(inputs);
    Shape a = inputs.get(0);
    Shape b = inputs.get(1);
    if (a.rank() < 2 || b.rank() < 2 || a.axis(a.rank() - 1) != b.axis(b.rank() - 2)) {
      throw new ShapeMismatchException(
          "expected inputs (..., m, k) and (..., k, p) but got " + inputs);
    }
    return with(lead(inputs), a.axis(a.rank() - 2), b.axis(b.rank() - 1));
  }

  private static Shape lead(List<Shape> inputs) {
    return Broadcast.shape(inputs.stream().map(Matmul::lead).toList());
  }

  private static Shape lead(Shape input) {
    return Shape.of(Arrays.copyOf(input.toArray(), input.rank() - 2));
  }

  private static Shape with(Shape lead, int rows, int columns) {
    int[] axes = Arrays.copyOf(lead.toArray(), lead.rank() + 2);
    axes[lead.rank()] = rows;
    axes[lead.rank() + 1] = columns;
    return Shape.of(axes);
  }

  @Override
  public Pass pass(LayerContext context) {
    return new MatmulPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class MatmulPass extends CombiningPass {
    private final Matmul layer;
    private final BroadcastingOps.Matmul products;

    /**
     * For each input, what its gradients are before they are summed, and their sum, if there is.
     */
    private final Shape[] whole = new Shape[2];

    private final BroadcastingOps.AxesSum[] sums = new BroadcastingOps.AxesSum[2];
    private final Tensor[] buffers = {Tensor.EMPTY, Tensor.EMPTY};

    MatmulPass(Matmul layer, LayerContext context) {
      super(context, layer.outputShape(context.inputs()));
      this.layer = layer;
      List<Shape> inputs = context.inputs();
      Shape lead = lead(inputs);
      BroadcastingOps broadcasting = BroadcastingOps.of(context.dtype());
      for (int i = 0; i < 2; i++) {
        Shape input = inputs.get(i);
        whole[i] = with(lead, input.axis(input.rank() - 2), input.axis(input.rank() - 1));
        int[] axes = Broadcast.repeatedAxes(input, whole[i]);
        sums[i] = broadcasting.sum(whole[i].prepend(context.batch()), axes);
      }
      int rank = lead.rank() + 2;
      products =
          broadcasting.matmul(
              Broadcast.aligned(context.batch(), inputs.get(0), rank),
              Broadcast.aligned(context.batch(), inputs.get(1), rank),
              context.threads());
    }

    @Override
    void compute(Ops ops, List<Tensor> inputs, Tensor y) {
      products.run(inputs.get(0), inputs.get(1), y);
    }

    @Override
    void computeGradients(Ops ops, Tensor dout, List<Tensor> inputs, List<Tensor> gradients) {
      Tensor da = beforeSum(0, gradients);
      products.firstGradient(dout, inputs.get(1), da);
      sum(0, da, gradients);
      Tensor db = beforeSum(1, gradients);
      products.secondGradient(inputs.get(0), dout, db);
      sum(1, db, gradients);
    }

    private boolean isSummed(int input) {
      return !whole[input].equals(context.inputs().get(input));
    }

    private Tensor beforeSum(int input, List<Tensor> gradients) {
      if (!isSummed(input)) {
        return gradient(gradients, input);
      }
      if (buffers[input].size() == 0) {
        buffers[input] = context.newBatch(whole[input]);
      }
      return buffers[input];
    }

    private void sum(int input, Tensor gradient, List<Tensor> gradients) {
      if (isSummed(input)) {
        sums[input].run(gradient, gradient(gradients, input));
      }
    }

    @Override
    public Terms terms() {
      return Terms.linear(layer, context);
    }
  }
}
