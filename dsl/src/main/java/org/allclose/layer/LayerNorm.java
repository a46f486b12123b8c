package org.allclose.layer;

import java.util.List;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.tensor.Shape;

/**
 * Layer normalization: each sample normalized over all its values, {@code y = gamma * (x - mean) /
 * sqrt(variance + epsilon) + beta}.
 *
 * <p>Shapes: x (n, ...), result as x; gamma and beta have a sample's shape. The variance is biased.
 *
 * <p>Source: Ba et al., Layer Normalization, 2016; the reference's {@code layer_norm_forward};
 * cs231n {@code layernorm_forward}.
 *
 * @param epsilon added to the variance, above 0
 */
public record LayerNorm(double epsilon) implements Layer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  /**
   * @throws IllegalArgumentException if epsilon is not a finite number above 0
   */
  public LayerNorm {
    BatchNorm.checkEpsilon(epsilon);
  }

  /** A layer with the default. */
  public LayerNorm() {
    this(DEFAULT_EPSILON);
  }

  @Override
  public String type() {
    return "layerNorm";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of(ParameterSpec.scale("gamma", input), ParameterSpec.bias("beta", input));
  }

  @Override
  public Pass pass(LayerContext binding) {
    int size = binding.input().size();
    return new LayerNormPass(
        binding,
        new NormPass.Groups(1, binding.batch(), size),
        new NormPass.Groups(binding.batch(), size, 1),
        epsilon);
  }

  @Override
  public String toString() {
    return "layerNorm(epsilon " + epsilon + ")";
  }

  private static final class LayerNormPass extends NormPass {

    LayerNormPass(LayerContext binding, Groups rows, Groups columns, double epsilon) {
      super(binding, rows, columns, epsilon);
    }

    @Override
    void moments(double[] x, double[] mean, double[] variance) {
      Sums.momentsOfRows(x, own.groups(), own.inner(), mean, variance);
    }

    @Override
    void sums(double[] values, double[] sum) {
      Sums.ofRows(values, own.groups(), own.inner(), sum);
    }

    @Override
    void scaledSums(double[] values, double[] sum) {
      Sums.overRows(values, scaled.outer(), scaled.groups(), sum);
    }
  }
}
