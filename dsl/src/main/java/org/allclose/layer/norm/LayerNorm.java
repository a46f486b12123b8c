package org.allclose.layer.norm;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Layer normalization: each sample normalized over all its values, or over its last axes alone,
 * {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}.
 *
 * <p>Shapes: x (n, ...), result as x; gamma and beta have the shape of what is normalized together:
 * a sample's, or that of its last axes. The variance is biased. Without affine there are neither
 * gamma nor beta: {@code y = (x - mean) / sqrt(variance + epsilon)}.
 *
 * <p>Source: Ba et al., Layer Normalization, 2016; the reference's {@code layer_norm_forward};
 * cs231n {@code layernorm_forward}; PyTorch {@code LayerNorm}, whose {@code normalized_shape} is
 * that of the last axes.
 *
 * @param epsilon added to the variance, above 0
 * @param axes how many of the last axes are normalized together; 0 for all of a sample's
 * @param affine whether there are gamma and beta
 */
public record LayerNorm(double epsilon, int axes, boolean affine) implements UnaryLayer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  /** How many axes are normalized together where nothing is said: 0, all of a sample's. */
  public static final int DEFAULT_AXES = LastAxes.ALL;

  /** Whether there are gamma and beta where nothing is said. */
  public static final boolean DEFAULT_AFFINE = true;

  private static final Setting<LayerNorm, Double> EPSILON =
      Setting.<LayerNorm>number("epsilon", LayerNorm::epsilon).positive().orElse(DEFAULT_EPSILON);
  private static final Setting<LayerNorm, Integer> AXES = LastAxes.setting(LayerNorm::axes);
  private static final Setting<LayerNorm, Boolean> AFFINE =
      Setting.truth("affine", DEFAULT_AFFINE, LayerNorm::affine);

  /** What this kind of layer says of itself. */
  public static final Type<LayerNorm> TYPE =
      Type.of(
              "layerNorm",
              LayerNorm.class,
              v -> new LayerNorm(v.get(EPSILON), v.get(AXES), v.get(AFFINE)),
              EPSILON,
              AXES,
              AFFINE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new LayerNorm(), 5),
                      Sample.of(new LayerNorm(1e-3), 2, 3, 2),
                      Sample.of(new LayerNorm().axes(1), 3, 4),
                      Sample.of(new LayerNorm().axes(2).affine(false), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if epsilon is not a finite number above 0, or axes is negative
   */
  public LayerNorm {
    EPSILON.check(epsilon);
    AXES.check(axes);
  }

  /** A layer over whole samples, with gamma and beta. */
  public LayerNorm(double epsilon) {
    this(epsilon, DEFAULT_AXES, DEFAULT_AFFINE);
  }

  /** A layer with the defaults. */
  public LayerNorm() {
    this(DEFAULT_EPSILON);
  }

  /** Returns the same layer with another epsilon. */
  public LayerNorm epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  /** Returns the same layer over another number of last axes. */
  public LayerNorm axes(int last) {
    return TYPE.with(this, AXES, last);
  }

  /** Returns the same layer with or without gamma and beta. */
  public LayerNorm affine(boolean present) {
    return TYPE.with(this, AFFINE, present);
  }

  @Override
  public Type<LayerNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    LastAxes.of(input, axes);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Affine.of(affine).parameters(LastAxes.of(input, axes), LastAxes.roles(input, axes));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new RowNormPass(
        context,
        LastAxes.rows(context, axes),
        LastAxes.columns(context, axes),
        epsilon,
        Affine.of(affine));
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
