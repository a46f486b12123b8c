package org.allclose.layer;

import java.util.List;
import org.allclose.kernel.Elementwise;
import org.allclose.kernel.MatrixProduct;
import org.allclose.kernel.Sums;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * Fully connected (affine) layer, {@code y = x.reshape(n, -1).dot(W) + b}.
 *
 * <p>Shapes: x (n, d1, ..., dk), W (d1 * ... * dk, units), b (units), result (n, units). Gradients:
 * {@code dx = dout.dot(W.T).reshape(x.shape)}, {@code dW = x.reshape(n, -1).T.dot(dout)}, {@code db
 * = dout.sum(axis=0)}.
 *
 * <p>Source: the reference's {@code fc_forward} and {@code fc_backward}; cs231n {@code
 * affine_forward}.
 *
 * @param units the number of outputs
 * @param bias whether b is added
 */
public record Dense(int units, boolean bias) implements Layer {

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  /**
   * @throws IllegalArgumentException if there is not at least one unit
   */
  public Dense {
    if (units < 1) {
      throw new IllegalArgumentException("expected at least 1 unit but got " + units);
    }
  }

  /** A layer with the given number of outputs and a bias. */
  public Dense(int units) {
    this(units, DEFAULT_BIAS);
  }

  /** Returns the same layer with or without a bias. */
  public Dense bias(boolean present) {
    return new Dense(units, present);
  }

  @Override
  public String type() {
    return "dense";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(units);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    ParameterSpec weights =
        new ParameterSpec("W", Shape.of(input.size(), units), ParameterSpec.Role.WEIGHT);
    return bias
        ? List.of(weights, new ParameterSpec("b", Shape.of(units), ParameterSpec.Role.BIAS))
        : List.of(weights);
  }

  @Override
  public Pass pass(Binding binding) {
    return new DensePass(this, binding);
  }

  @Override
  public String toString() {
    return bias ? "dense(" + units + ")" : "dense(" + units + ", no bias)";
  }

  private static final class DensePass implements Pass {
    private final Dense layer;
    private final Binding binding;
    private final int features;
    private final Tensor out;
    private Tensor input = Tensor.zeros(0);
    private Tensor dx = Tensor.zeros(0);

    DensePass(Dense layer, Binding binding) {
      this.layer = layer;
      this.binding = binding;
      features = binding.input().size();
      out = Tensor.zeros(binding.batch(), layer.units);
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      MatrixProduct.multiply(
          false,
          false,
          binding.batch(),
          layer.units,
          features,
          x.unwrap(),
          0,
          features,
          weights(),
          0,
          layer.units,
          out.unwrap(),
          0,
          layer.units);
      if (layer.bias) {
        Elementwise.addRow(
            out.unwrap(), binding.parameter("b").unwrap(), binding.batch(), layer.units);
      }
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      backwardParameters(dout);
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      MatrixProduct.multiply(
          false,
          true,
          binding.batch(),
          features,
          layer.units,
          dout.unwrap(),
          0,
          layer.units,
          weights(),
          0,
          layer.units,
          dx.unwrap(),
          0,
          features);
      return dx;
    }

    @Override
    public void backwardParameters(Tensor dout) {
      MatrixProduct.multiply(
          true,
          false,
          features,
          layer.units,
          binding.batch(),
          input.unwrap(),
          0,
          features,
          dout.unwrap(),
          0,
          layer.units,
          binding.gradient("W").unwrap(),
          0,
          layer.units);
      if (layer.bias) {
        Sums.overRows(dout.unwrap(), binding.batch(), layer.units, binding.gradient("b").unwrap());
      }
    }

    private double[] weights() {
      return binding.parameter("W").unwrap();
    }
  }
}
