package org.allclose.layer.norm;

import java.util.List;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Group normalization: the channels of each sample in groups, each group normalized over all its
 * values, {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}.
 *
 * <p>Shapes: x (n, C, ...), result as x; gamma and beta (C). The variance is biased. Without affine
 * there are neither gamma nor beta.
 *
 * <p>Source: Wu and He, Group Normalization, 2018; the reference's {@code group_norm_forward};
 * cs231n {@code spatial_groupnorm_forward}; PyTorch {@code GroupNorm}.
 *
 * @param groups the number of groups, which divides the channels
 * @param epsilon added to the variance, above 0
 * @param affine whether there are gamma and beta
 */
public record GroupNorm(int groups, double epsilon, boolean affine) implements UnaryLayer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  /** Whether there are gamma and beta where nothing is said. */
  public static final boolean DEFAULT_AFFINE = true;

  private static final Setting<GroupNorm, Integer> GROUPS =
      Setting.integer("groups", GroupNorm::groups).atLeast(1).bare();
  private static final Setting<GroupNorm, Double> EPSILON =
      Setting.<GroupNorm>number("epsilon", GroupNorm::epsilon).positive().orElse(DEFAULT_EPSILON);
  private static final Setting<GroupNorm, Boolean> AFFINE =
      Setting.truth("affine", DEFAULT_AFFINE, GroupNorm::affine);

  /** What this kind of layer says of itself. */
  public static final Type<GroupNorm> TYPE =
      Type.of(
              "groupNorm",
              GroupNorm.class,
              v -> new GroupNorm(v.get(GROUPS), v.get(EPSILON), v.get(AFFINE)),
              GROUPS,
              EPSILON,
              AFFINE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new GroupNorm(2), 4, 2, 3),
                      Sample.of(new GroupNorm(3).epsilon(1e-3), 3, 2, 2),
                      Sample.of(new GroupNorm(2), 6),
                      Sample.of(new GroupNorm(2).affine(false), 4, 3)));

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public GroupNorm {
    GROUPS.check(groups);
    EPSILON.check(epsilon);
  }

  /** A layer with the defaults. */
  public GroupNorm(int groups) {
    this(groups, DEFAULT_EPSILON, DEFAULT_AFFINE);
  }

  /** Returns the same layer with another epsilon. */
  public GroupNorm epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  /** Returns the same layer with or without gamma and beta. */
  public GroupNorm affine(boolean present) {
    return TYPE.with(this, AFFINE, present);
  }

  @Override
  public Type<GroupNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.axis(0) % groups != 0) {
      throw new ShapeMismatchException(
          "expected groups that divide the " + input.axis(0) + " channels but got " + groups);
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Affine.of(affine).parameters(Shape.of(input.axis(0)), AxisRole.CHANNEL);
  }

  @Override
  public Pass pass(LayerContext context) {
    return RowNormPass.ofGroups(context, groups, epsilon, Affine.of(affine));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
