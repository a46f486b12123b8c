package org.allclose.layer;

import java.util.List;
import java.util.Optional;
import org.allclose.init.Initializer;
import org.allclose.internal.kernel.elementwise.Elementwise;
import org.allclose.internal.kernel.product.Epilogue;
import org.allclose.internal.kernel.product.MatrixProduct;
import org.allclose.internal.kernel.reduce.Sums;
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
 * @param initializer how W starts; empty if as all weights of the network. It is no part of a
 *     network file
 */
public record Dense(int units, boolean bias, Optional<Initializer> initializer) implements Layer {

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
    this(units, DEFAULT_BIAS, Optional.empty());
  }

  /** Returns the same layer with or without a bias. */
  public Dense bias(boolean present) {
    return new Dense(units, present, initializer);
  }

  /** Returns the same layer whose weights start in their own way. */
  public Dense initializer(Initializer own) {
    return new Dense(units, bias, Optional.of(own));
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
        ParameterSpec.weight("W", Shape.of(input.size(), units)).startingWith(initializer);
    return bias ? List.of(weights, ParameterSpec.bias("b", Shape.of(units))) : List.of(weights);
  }

  @Override
  public Pass pass(LayerContext binding) {
    return new DensePass(this, binding, false);
  }

  /** ReLU is done to the scores while they are at hand. */
  @Override
  public Optional<Pass> passWith(Layer next, LayerContext binding) {
    return next instanceof Relu
        ? Optional.of(new DensePass(this, binding, true))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return bias ? "dense(" + units + ")" : "dense(" + units + ", no bias)";
  }

  private static final class DensePass implements Pass {
    private final Dense layer;
    private final LayerContext binding;
    private final int features;
    private final int units;
    private final boolean bias;
    private final boolean relu;
    private final MatrixProduct forward;
    private final MatrixProduct inputGradient;
    private final MatrixProduct weightGradient;
    private final Tensor out;
    private Tensor input = Tensor.EMPTY;
    private Tensor dx = Tensor.EMPTY;
    private Tensor masked = Tensor.EMPTY;

    DensePass(Dense layer, LayerContext binding, boolean relu) {
      this.layer = layer;
      this.binding = binding;
      this.relu = relu;
      features = binding.input().size();
      units = layer.units;
      bias = layer.bias;
      Epilogue affine =
          bias ? Epilogue.columnBias(binding.parameter("b").unwrap(), 0) : Epilogue.NONE;
      forward =
          product(binding.batch(), units, features)
              .epilogue(relu ? affine.withRelu() : affine)
              .build();
      inputGradient = product(binding.batch(), features, units).transposeB().build();
      weightGradient = product(features, units, binding.batch()).transposeA().build();
      out = Tensor.zeros(binding.batch(), units);
    }

    @Override
    public Tensor forward(Tensor x) {
      input = x;
      forward.run(x.unwrap(), weights(), out.unwrap());
      return out;
    }

    @Override
    public Tensor backward(Tensor dout) {
      if (dx.size() == 0) {
        dx = binding.newInputBatch();
      }
      Tensor daffine = backwardToParameters(dout);
      inputGradient.run(daffine.unwrap(), weights(), dx.unwrap());
      return dx;
    }

    @Override
    public void backwardParameters(Tensor dout) {
      backwardToParameters(dout);
    }

    @Override
    public Terms terms() {
      return new LinearTerms(layer, binding);
    }

    /** Returns the gradient of the affine part's output, from which dx follows. */
    private Tensor backwardToParameters(Tensor dout) {
      Tensor daffine = relu ? mask(dout) : dout;
      weightGradient.run(input.unwrap(), daffine.unwrap(), binding.gradient("W").unwrap());
      if (bias) {
        Sums.overRows(daffine.unwrap(), binding.batch(), units, binding.gradient("b").unwrap());
      }
      return daffine;
    }

    private Tensor mask(Tensor dout) {
      if (masked.size() == 0) {
        masked = Tensor.zeros(out.shape());
      }
      Elementwise.reluGradient(dout.unwrap(), out.unwrap(), masked.unwrap(), masked.size());
      return masked;
    }

    private MatrixProduct.Builder product(int m, int n, int k) {
      return MatrixProduct.builder(m, n, k).parallel(binding.parallel());
    }

    private double[] weights() {
      return binding.parameter("W").unwrap();
    }

    @Override
    public void release() {
      input = Tensor.EMPTY;
    }
  }
}
