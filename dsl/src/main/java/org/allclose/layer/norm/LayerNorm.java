package org.allclose.layer.norm;

import java.util.Arrays;
import java.util.List;
import org.allclose.internal.ops.Groups;
import org.allclose.layer.AxisRole;
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
public record LayerNorm(double epsilon) implements UnaryLayer {

  /** What is added to the variance where nothing is said. */
  public static final double DEFAULT_EPSILON = BatchNorm.DEFAULT_EPSILON;

  private static final Setting<LayerNorm, Double> EPSILON =
      Setting.<LayerNorm>number("epsilon", LayerNorm::epsilon).positive().orElse(DEFAULT_EPSILON);

  /** What this kind of layer says of itself. */
  public static final Type<LayerNorm> TYPE =
      Type.of("layerNorm", LayerNorm.class, v -> new LayerNorm(v.get(EPSILON)), EPSILON)
          .withSamples(
              () ->
                  List.of(Sample.of(new LayerNorm(), 5), Sample.of(new LayerNorm(1e-3), 2, 3, 2)));

  /**
   * @throws IllegalArgumentException if epsilon is not a finite number above 0
   */
  public LayerNorm {
    EPSILON.check(epsilon);
  }

  /** A layer with the default. */
  public LayerNorm() {
    this(DEFAULT_EPSILON);
  }

  @Override
  public Type<LayerNorm> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    AxisRole[] axes = new AxisRole[input.rank()];
    Arrays.fill(axes, input.rank() == 3 ? AxisRole.PLACE : AxisRole.FEATURE);
    axes[0] = input.rank() == 3 ? AxisRole.CHANNEL : AxisRole.FEATURE;
    return List.of(
        ParameterSpec.scale(NormPass.GAMMA, input, axes),
        ParameterSpec.bias(NormPass.BETA, input, axes));
  }

  @Override
  public Pass pass(LayerContext context) {
    int size = context.input().size();
    return new LayerNormPass(
        context,
        new Groups(1, context.batch(), size),
        new Groups(context.batch(), size, 1),
        epsilon);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }

  private static final class LayerNormPass extends NormPass {

    LayerNormPass(LayerContext context, Groups rows, Groups columns, double epsilon) {
      super(context, rows, columns, epsilon);
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
      ops.sumOverRows(values, scaled, sum);
    }
  }
}
