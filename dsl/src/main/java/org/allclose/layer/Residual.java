package org.allclose.layer;

import java.util.List;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/**
 * Residual block, {@code y = x + f(x)}, where f is a chain of layers that keeps the shape.
 *
 * <p>Gradient: {@code dx = dout + df(dout)}.
 *
 * <p>Source: He et al., Deep Residual Learning for Image Recognition, 2015, equation 1.
 *
 * @param body f
 */
public record Residual(Chain body) implements Layer {

  @Override
  public String type() {
    return "residual";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (!body.input().equals(input)) {
      throw new ShapeMismatchException(
          "expected a block for inputs of shape " + input + " but got one for " + body.input());
    }
    if (!body.output().equals(input)) {
      throw new ShapeMismatchException(
          "expected a block that keeps the shape " + input + " but got output " + body.output());
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return body.parameters();
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new ResidualPass(body.pass(binding, true), binding);
  }

  @Override
  public String toString() {
    return "residual[" + body + "]";
  }

  private static final class ResidualPass implements Pass {
    private final Pass body;
    private final Tensor out;
    private final LayerContext binding;
    private Tensor dx = Tensor.EMPTY;

    ResidualPass(Pass body, LayerContext binding) {
      this.body = body;
      this.binding = binding;
      out = binding.newInputBatch();
    }

    @Override
    public Tensor forward(Tensor x) {
      Tensor f = body.forward(x);
      Elementwise.add(x.unwrap(), f.unwrap(), out.unwrap(), out.size());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      Tensor df = body.backward(dout);
      Elementwise.add(dout.unwrap(), df.unwrap(), dx.unwrap(), dx.size());
      return dx;
    }

    @Override
    public void release() {
      body.release();
    }

    @Override
    public Terms terms() {
      return new SumTerms();
    }
  }

  /** The terms of the sum alone: the layers of f have their own. */
  private static final class SumTerms implements Terms {
    @Override
    public Tensor forward(Tensor x, Tensor y) {
      return addends(x, y);
    }

    @Override
    public Tensor backward(Tensor dout, Tensor dx) {
      return addends(dout, dx);
    }

    /** Returns {@code |first| + |sum - first|}. */
    private static Tensor addends(Tensor first, Tensor sum) {
      Tensor addends = Magnitudes.of(first);
      double[] values = addends.unwrap();
      for (int i = 0; i < values.length; i++) {
        values[i] += Math.abs(sum.unwrap()[i] - first.unwrap()[i]);
      }
      return addends;
    }
  }
}
