package org.allclose.layer.norm;

import java.util.List;
import org.allclose.internal.ops.NormOps;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Normalization by the root mean square: {@code y = gamma * x / sqrt(mean(x * x) + epsilon)}, over
 * all of a sample or over its last axes alone. No mean is subtracted.
 *
 * <p>Shapes: x (n, ...), result as x; gamma has the shape of what is normalized together: a
 * sample's, or that of its last axes. Without affine there is no gamma.
 *
 * <p>Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019; the reference's {@code
 * rms_norm_forward}; PyTorch {@code RMSNorm}, where epsilon is the distance from 1 to the next
 * number unless it is given.
 *
 * @param epsilon added to the mean of the squares, above 0
 * @param axes how many of the last axes are normalized together; 0 for all of a sample's
 * @param affine whether there is gamma
 */
public record RmsNorm(double epsilon, int axes, boolean affine) implements UnaryLayer {

  /** What is added to the mean of the squares where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  /** How many axes are normalized together where nothing is said: 0, all of a sample's. */
  public static final int DEFAULT_AXES = LastAxes.ALL;

  /** Whether there is gamma where nothing is said. */
  public static final boolean DEFAULT_AFFINE = true;

  private static final Setting<RmsNorm, Double> EPSILON =
      Setting.<RmsNorm>number("epsilon", RmsNorm::epsilon).positive().orElse(DEFAULT_EPSILON);
  private static final Setting<RmsNorm, Integer> AXES = LastAxes.setting(RmsNorm::axes);
  private static final Setting<RmsNorm, Boolean> AFFINE =
      Setting.truth("affine", DEFAULT_AFFINE, RmsNorm::affine);

  /** What this kind of layer says of itself. */
  public static final Type<RmsNorm> TYPE =
      Type.of(
              "rmsNorm",
              RmsNorm.class,
              v -> new RmsNorm(v.get(EPSILON), v.get(AXES), v.get(AFFINE)),
              EPSILON,
              AXES,
              AFFINE)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new RmsNorm(), 5),
                      Sample.of(new RmsNorm().axes(1).epsilon(1e-3), 3, 4),
                      Sample.of(new RmsNorm().axes(2).affine(false), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if epsilon is not a finite number above 0, or axes is negative
   */
  public RmsNorm {
    EPSILON.check(epsilon);
    AXES.check(axes);
  }

  /** A layer with the defaults. */
  public RmsNorm() {
    this(DEFAULT_EPSILON, DEFAULT_AXES, DEFAULT_AFFINE);
  }

  /** Returns the same layer with another epsilon. */
  public RmsNorm epsilon(double other) {
    return TYPE.with(this, EPSILON, other);
  }

  /** Returns the same layer over another number of last axes. */
  public RmsNorm axes(int last) {
    return TYPE.with(this, AXES, last);
  }

  /** Returns the same layer with or without gamma. */
  public RmsNorm affine(boolean present) {
    return TYPE.with(this, AFFINE, present);
  }

  @Override
  public Type<RmsNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    LastAxes.of(input, axes);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return scale().parameters(LastAxes.of(input, axes), LastAxes.roles(input, axes));
  }

  @Override
  public Pass pass(LayerContext context) {
    return new RmsNormPass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private Affine scale() {
    return affine ? Affine.SCALE : Affine.NONE;
  }

  /** The mean stays 0, and what it would do to the gradient. */
  private static final class RmsNormPass extends RowNormPass {
    private final NormOps normOps;

    RmsNormPass(RmsNorm layer, LayerContext context) {
      super(
          context,
          LastAxes.rows(context, layer.axes),
          LastAxes.columns(context, layer.axes),
          layer.epsilon,
          layer.scale());
      normOps = NormOps.of(context.dtype());
    }

    @Override
    void moments(Tensor x, Tensor sampleMean, Tensor meanSquare) {
      normOps.meanSquareOfRows(x, own, meanSquare);
    }

    @Override
    boolean isCentered() {
      return false;
    }
  }
}
