package org.allclose.internal.pass;

import java.util.List;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Tensor;

/** The pass of a layer without parameters whose output has the shape of its input. */
public abstract class ElementwisePass extends UnaryPass {
  private final LayerContext context;
  private final Ops ops;
  private final Tensor out;
  private Tensor input = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  protected ElementwisePass(LayerContext context) {
    this.context = context;
    ops = Ops.of(context.dtype(), context.threads());
    out = context.newInputBatch();
  }

  /** Computes the output of a batch. */
  protected abstract void compute(Ops ops, Tensor x, Tensor y);

  /** Computes the gradient with respect to x of a batch. */
  protected abstract void computeGradient(Ops ops, Tensor dout, Tensor x, Tensor y, Tensor dx);

  /** Returns the latest batch of inputs. */
  protected final Tensor input() {
    return input;
  }

  /** Returns the latest batch of outputs. */
  protected final Tensor output() {
    return out;
  }

  /** Returns the sum of the magnitudes of the terms of one element of the output. */
  protected double terms(double x, double y) {
    return Math.abs(y);
  }

  /** Returns the sum of the magnitudes of the terms of one element of the input's gradient. */
  protected double gradientTerms(double dout, double x, double y, double dx) {
    return Math.abs(dx);
  }

  @Override
  public final Tensor forward(Tensor x) {
    input = x;
    compute(ops, x, out);
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = context.newInputBatch();
    }
    computeGradient(ops, dout, input, out, dx);
    return dx;
  }

  @Override
  public Terms terms() {
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        Tensor sums = Tensor.zeros(y.shape());
        for (int i = 0; i < sums.size(); i++) {
          sums.unwrap()[i] = terms(inputs.get(0).unwrap()[i], y.unwrap()[i]);
        }
        return sums;
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        Tensor sums = Tensor.zeros(dout.shape());
        double[] gradient = gradients.get(0).unwrap();
        for (int i = 0; i < sums.size(); i++) {
          sums.unwrap()[i] =
              gradientTerms(dout.unwrap()[i], input.unwrap()[i], out.unwrap()[i], gradient[i]);
        }
        return List.of(sums);
      }
    };
  }

  @Override
  public final void release() {
    super.release();
    input = Tensor.EMPTY;
  }
}
