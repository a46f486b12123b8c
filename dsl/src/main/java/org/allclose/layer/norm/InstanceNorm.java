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
 * Instance normalization: each channel of each sample normalized over its places, {@code y = (x -
 * mean) / sqrt(variance + epsilon)}, in training as in inference.
 *
 * <p>Shapes: x (n, C, ...) with at least one axis behind the channels, result as x. The variance is
 * biased. With affine there are gamma and beta (C): {@code y = gamma * (x - mean) / sqrt(variance +
 * epsilon) + beta}.
 *
 * <p>Source: Ulyanov et al., Instance Normalization, 2016; the reference's {@code
 * group_norm_forward} with a group for each channel; PyTorch {@code InstanceNorm1d} and {@code
 * InstanceNorm2d}, without running statistics.
 *
 * @param epsilon added to the variance, above 0
 * @param affine whether there are gamma and beta
 */
public record InstanceNorm(double epsilon, boolean affine) implements UnaryLayer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  /** Whether there are gamma and beta where nothing is said: no, as in PyTorch. */
  public static final boolean DEFAULT_AFFINE = false;

  private static final Setting<InstanceNorm, Double> EPSILON =
      Setting.<InstanceNorm>number("epsilon", InstanceNorm::epsilon)
          .positive()
          .orElse(DEFAULT_EPSILON);
  private static final Setting<InstanceNorm, Boolean> AFFINE =
      Setting.truth("affine", DEFAULT_AFFINE, InstanceNorm::affine);

  /** What this kind of layer says of itself. */
  public static final Type<InstanceNorm> TYPE =
      Type.of(
              "instanceNorm",
              InstanceNorm.class,
              v -> new InstanceNorm(v.get(EPSILON), v.get(AFFINE)),
              EPSILON,
              AFFINE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new InstanceNorm(), 2, 3, 2),
                      Sample.of(new InstanceNorm().affine(true).epsilon(1e-3), 3, 4)));

  /**
   * @throws IllegalArgumentException if epsilon is not a finite number above 0
   */
  public InstanceNorm {
    EPSILON.check(epsilon);
  }

  /** A layer with the defaults. */
  public InstanceNorm() {
    this(DEFAULT_EPSILON, DEFAULT_AFFINE);
  }

  /** Returns the same layer with another epsilon. */
  public InstanceNorm epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  /** Returns the same layer with or without gamma and beta. */
  public InstanceNorm affine(boolean present) {
    return TYPE.with(this, AFFINE, present);
  }

  @Override
  public Type<InstanceNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() < 2) {
      throw new ShapeMismatchException("expected input of shape (channels, ...) but got " + input);
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Affine.of(affine).parameters(Shape.of(input.axis(0)), AxisRole.CHANNEL);
  }

  @Override
  public Pass pass(LayerContext context) {
    return RowNormPass.ofGroups(context, context.input().axis(0), epsilon, Affine.of(affine));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
