package org.allclose.layer.norm;

import java.util.List;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

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
public record GroupNorm(int groups, double epsilon) implements UnaryLayer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  private static final Setting<GroupNorm, Integer> GROUPS =
      Setting.integer("groups", GroupNorm::groups).atLeast(1).bare();
  private static final Setting<GroupNorm, Double> EPSILON =
      Setting.<GroupNorm>number("epsilon", GroupNorm::epsilon).positive().orElse(DEFAULT_EPSILON);

  /** What this kind of layer says of itself. */
  public static final Type<GroupNorm> TYPE =
      Type.of(
              "groupNorm",
              GroupNorm.class,
              v -> new GroupNorm(v.get(GROUPS), v.get(EPSILON)),
              GROUPS,
              EPSILON)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new GroupNorm(2), 4, 2, 3),
                      Sample.of(new GroupNorm(3).epsilon(1e-3), 3, 2, 2)));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public GroupNorm {
    GROUPS.check(groups);
    EPSILON.check(epsilon);
  }

  /** A layer with the default epsilon. */
  public GroupNorm(int groups) {
    this(groups, DEFAULT_EPSILON);
  }

  /** Returns the same layer with another epsilon. */
  public GroupNorm epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  @Override
  public Type<GroupNorm> type() {
    return TYPE;
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
    return List.of(
        ParameterSpec.scale(NormPass.GAMMA, shape, AxisRole.CHANNEL),
        ParameterSpec.bias(NormPass.BETA, shape, AxisRole.CHANNEL));
  }

  @Override
  public Pass pass(LayerContext context) {
    Shape input = context.input();
    return new GroupNormPass(
        context,
        new Groups(1, context.batch() * groups, input.size() / groups),
        new Groups(context.batch(), input.axis(0), input.size() / input.axis(0)),
        epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class GroupNormPass extends NormPass {

    GroupNormPass(LayerContext context, Groups rows, Groups channels, double epsilon) {
      super(context, rows, channels, epsilon);
    }

    @Override
    void moments(Tensor x, Tensor sampleMean, Tensor variance) {
      ops.momentsOfRows(x, own, sampleMean, variance);
    }

    @Override
    void sums(Tensor values, Tensor sum) {
      ops.sumOfRows(values, own, sum);
    }

    @Override
    void scaledSums(Tensor values, Tensor sum) {
      ops.sumOfChannels(values, scaled, sum);
    }
  }
}
