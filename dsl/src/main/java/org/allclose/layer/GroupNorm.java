package org.allclose.layer;

import java.util.List;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;

/**
 * Group normalization: the channels of each sample in groups, each group normalized over all its
 * values, {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}.
 *
 * <p>Shapes: x (n, C, H, W), result as x; gamma and beta (C). The variance is biased.
 *
 * <p>Source: Wu and He, Group Normalization, 2018; the reference's {@code group_norm_forward};
 * cs231n {@code spatial_groupnorm_forward}.
 *
 * @param groups the number of groups, which divides the channels
 * @param epsilon added to the variance, above 0
 */
public record GroupNorm(int groups, double epsilon) implements Layer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public GroupNorm {
    if (groups < 1) {
      throw new IllegalArgumentException("groups: expected at least 1 but got " + groups);
    }
    BatchNorm.checkEpsilon(epsilon);
  }

  /** A layer with the default epsilon. */
  public GroupNorm(int groups) {
    this(groups, DEFAULT_EPSILON);
  }

  /** Returns the same layer with another epsilon. */
  public GroupNorm epsilon(double other) {
    return new GroupNorm(groups, other);
  }

  @Override
  public String type() {
    return "groupNorm";
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 3) {
      throw new ShapeMismatchException(
          "expected input of shape (channels, height, width) but got " + input);
    }
    if (input.axis(0) % groups != 0) {
      throw new ShapeMismatchException(
          "expected groups that divide the " + input.axis(0) + " channels but got " + groups);
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    Shape shape = Shape.of(input.axis(0));
    return List.of(ParameterSpec.scale("gamma", shape), ParameterSpec.bias("beta", shape));
  }

  @Override
  public Pass pass(LayerContext binding) {
    Shape input = binding.input();
    return new GroupNormPass(
        binding,
        new NormPass.Groups(1, binding.batch() * groups, input.size() / groups),
        new NormPass.Groups(binding.batch(), input.axis(0), input.size() / input.axis(0)),
        epsilon);
  }

  @Override
  public String toString() {
    return "groupNorm(" + groups + ", epsilon " + epsilon + ")";
  }

  private static final class GroupNormPass extends NormPass {

    GroupNormPass(LayerContext binding, Groups rows, Groups channels, double epsilon) {
      super(binding, rows, channels, epsilon);
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
      Sums.ofChannels(values, scaled.outer(), scaled.groups(), scaled.inner(), sum);
    }
  }
}
