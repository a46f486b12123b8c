package org.allclose.layer;

import org.allclose.kernel.Elementwise;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * Inverted dropout: in training mode {@code y = x * mask} with {@code mask = (rand(x.shape) < keep)
 * / keep}, drawn anew for each batch in C order; in inference mode y is x.
 *
 * <p>Shapes: x (n, ...), result as x.
 *
 * <p>Source: the reference's {@code dropout_forward}; cs231n {@code dropout_forward} since 2018,
 * whose p is the probability to keep, as here.
 *
 * @param keep the probability to keep an element, above 0 and at most 1
 */
public record Dropout(double keep) implements Layer {

  /**
   * @throws IllegalArgumentException if keep is not a probability above 0
   */
  public Dropout {
    if (!(keep > 0 && keep <= 1)) {
      throw new IllegalArgumentException(
          "keep: expected a probability above 0 and at most 1 but got " + keep);
    }
  }

  @Override
  public String type() {
    return "dropout";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public Pass pass(Binding binding) {
    return binding.mode() == Mode.TRAINING ? new MaskPass(keep, binding) : new IdentityPass();
  }

  @Override
  public String toString() {
    return "dropout(keep " + keep + ")";
  }

  private static final class MaskPass extends ElementwisePass {
    private final Binding binding;
    private final double keep;
    private final RandomGenerator random;
    private final double[] mask;

    MaskPass(double keep, Binding binding) {
      super(binding);
      this.binding = binding;
      this.keep = keep;
      random = binding.random();
      mask = new double[binding.newInputBatch().size()];
    }

    @Override
    void compute(double[] x, double[] y, int n) {
      for (int i = 0; i < n; i++) {
        mask[i] = (random.nextDouble() < keep ? 1.0 : 0.0) / keep;
      }
      Elementwise.multiply(x, mask, y, n);
    }

    @Override
    void computeGradient(double[] dout, double[] x, double[] y, double[] dx, int n) {
      Elementwise.multiply(dout, mask, dx, n);
    }

    @Override
    public Pass disturbed(RoundingErrors errors) {
      return new FactorPass(binding, mask.clone());
    }
  }

  private static final class IdentityPass implements Pass {
    @Override
    public Tensor forward(Tensor x) {
      return x;
    }

    @Override
    public Tensor backward(Tensor dout) {
      return dout;
    }
  }
}
