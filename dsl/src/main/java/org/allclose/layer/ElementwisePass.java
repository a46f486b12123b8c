package org.allclose.layer;

import org.allclose.tensor.Tensor;

/** The pass of a layer without parameters whose output has the shape of its input. */
abstract class ElementwisePass implements Pass {
  private final LayerContext binding;
  private final Tensor out;
  private Tensor input = Tensor.EMPTY;
  private Tensor dx = Tensor.EMPTY;

  ElementwisePass(LayerContext binding) {
    this.binding = binding;
    out = binding.newInputBatch();
  }

  /** Computes the output of a whole batch of n elements. */
  abstract void compute(double[] x, double[] y, int n);

  /** Computes the gradient with respect to x of a whole batch of n elements. */
  abstract void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n);

  /** Returns the latest batch of inputs. */
  final Tensor input() {
    return input;
  }

  /** Returns the sum of the magnitudes of the terms of one element of the output. */
  double terms(double x, double y) {
    return Math.abs(y);
  }

  /** Returns the sum of the magnitudes of the terms of one element of the input's gradient. */
  double gradientTerms(double dout, double x, double y, double dx) {
    return Math.abs(dx);
  }

  @Override
  public final Tensor forward(Tensor x) {
    input = x;
    compute(x.unwrap(), out.unwrap(), out.size());
    return out;
  }

  @Override
  public final Tensor backward(Tensor dout) {
    if (dx.size() == 0) {
      dx = binding.newInputBatch();
    }
    computeGradient(dout.unwrap(), input.unwrap(), out.unwrap(), dx.unwrap(), out.size());
    return dx;
  }

  @Override
  public Terms terms() {
    return new Terms() {
      @Override
      public Tensor forward(Tensor x, Tensor y) {
        Tensor sums = Tensor.zeros(y.shape());
        for (int i = 0; i < sums.size(); i++) {
          sums.unwrap()[i] = terms(x.unwrap()[i], y.unwrap()[i]);
        }
        return sums;
      }

      @Override
      public Tensor backward(Tensor dout, Tensor dx) {
        Tensor sums = Tensor.zeros(dx.shape());
        for (int i = 0; i < sums.size(); i++) {
          sums.unwrap()[i] =
              gradientTerms(dout.unwrap()[i], input.unwrap()[i], out.unwrap()[i], dx.unwrap()[i]);
        }
        return sums;
      }
    };
  }

  @Override
  public final void release() {
    input = Tensor.EMPTY;
  }
}
