package org.allclose.layer;

import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Rectified linear unit, {@code y = x * (x > 0)}.
 *
 * <p>Shapes: x (n, ...), result as x. The product with the mask keeps numpy's rules: a negative x
 * gives -0.0, NaN and -inf give NaN.
 *
 * <p>Source: the reference's {@code relu_forward} and {@code relu_backward}; cs231n {@code
 * relu_forward}.
 */
public record Relu() implements Layer {

  @Override
  public String type() {
    return "relu";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new ReluPass(binding);
  }

  @Override
  public String toString() {
    return "relu";
  }

  private static final class ReluPass implements Pass {
    private final LayerContext binding;
    private final Tensor out;
    private Tensor dx = Tensor.EMPTY;

    ReluPass(LayerContext binding) {
      this.binding = binding;
      out = binding.newInputBatch();
    }

    @Override
    public Tensor forward(Tensor x) {
      Elementwise.relu(x.unwrap(), out.unwrap(), x.size());
      return out;
    }

    /** The mask is read off the output: it is positive exactly where the input is. */
    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      Elementwise.reluGradient(dout.unwrap(), out.unwrap(), dx.unwrap(), dx.size());
      return dx;
    }

    @Override
    public Pass disturbed(RoundingErrors errors) {
      double[] factors = new double[out.size()];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = out.unwrap()[i] > 0 ? 1 : 0;
      }
      return new FactorPass(binding, factors);
    }
  }
}
