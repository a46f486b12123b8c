package org.allclose.internal.pass;

import java.util.List;
import java.util.function.Function;
import org.allclose.internal.ops.Groups;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.Terms;
import org.allclose.layer.UnaryPass;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * The pass of a layer whose weights are computed of a direction {@value #DIRECTION} and a size
 * {@value #SIZE} for each unit or filter: {@code W = v * (g / norm)}, {@code norm = sqrt(sum(v *
 * v))} over all that belongs to the unit.
 *
 * <p>Gradients, with {@code s = sum(dW * v)} over the same: {@code dg = s / norm}, {@code dv = (dW
 * - v * (s / (norm * norm))) * (g / norm)}.
 *
 * <p>Source: Salimans and Kingma, Weight Normalization, 2016; PyTorch {@code weight_norm} with dim
 * 0 of its own layouts.
 */
public final class WeightNorm extends UnaryPass {

  /** What the directions are called. */
  public static final String DIRECTION = "v";

  /** What the sizes are called. */
  public static final String SIZE = "g";

  private final LayerContext context;
  private final Ops ops;
  private final Groups units;
  private final Groups each;
  private final Tensor weights;
  private final Tensor gradient;
  private final Tensor norm;
  private final Tensor scale;
  private final Tensor scratch;
  private final Pass pass;
  private Tensor difference = Tensor.EMPTY;
  private Tensor sum = Tensor.EMPTY;
  private Tensor share = Tensor.EMPTY;

  private WeightNorm(
      LayerContext context, ParameterSpec weights, int axis, Function<LayerContext, Pass> plain) {
    this.context = context;
    Shape shape = weights.shape();
    int count = shape.axis(axis);
    units =
        axis == 0
            ? new Groups(1, count, shape.size() / count)
            : new Groups(shape.size() / count, count, 1);
    each = new Groups(1, count, 1);
    ops = Ops.of(context.dtype(), context.threads());
    this.weights = Tensor.zeros(shape);
    gradient = Tensor.zeros(shape);
    scratch = Tensor.zeros(shape);
    norm = Tensor.zeros(count);
    scale = Tensor.zeros(count);
    computeWeights();
    pass = plain.apply(context.with(weights.name(), this.weights, gradient));
  }

  /**
   * Returns the pass of a layer with computed weights.
   *
   * @param weights the weights of the layer without
   * @param axis which axis of the weights counts units, the first or the last
   * @param plain makes the pass of the layer without
   */
  public static Pass pass(
      LayerContext context, ParameterSpec weights, int axis, Function<LayerContext, Pass> plain) {
    return new WeightNorm(context, weights, axis, plain);
  }

  /**
   * Returns what is in the place of weights: directions, which start as these do, and sizes.
   *
   * @param axis which axis of the weights counts units
   */
  public static List<ParameterSpec> parameters(ParameterSpec weights, int axis) {
    int units = weights.shape().axis(axis);
    return List.of(
        new ParameterSpec(
            DIRECTION, weights.shape(), weights.axes(), ParameterSpec.Role.BIAS, weights.start()),
        ParameterSpec.scale(SIZE, Shape.of(units), weights.axes().get(axis)));
  }

  private void computeWeights() {
    Tensor v = context.parameter(DIRECTION);
    ops.multiply(v, v, scratch);
    sums(scratch, norm);
    ops.deviation(norm, 0, norm);
    ops.divideGroups(context.parameter(SIZE), each, norm, scale);
    ops.scaleGroups(v, units, scale, weights);
  }

  private void sums(Tensor values, Tensor sums) {
    if (units.inner() == 1 && units.outer() > 1) {
      ops.sumOverRows(values, units, sums);
    } else {
      ops.sumOfRows(values, units, sums);
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    computeWeights();
    return pass.forward(List.of(x));
  }

  @Override
  public Tensor backward(Tensor dout) {
    Tensor dx = pass.backwardToInputs(dout).get(0);
    throughWeights();
    return dx;
  }

  @Override
  public void backwardToParameters(Tensor dout) {
    pass.backwardToParameters(dout);
    throughWeights();
  }

  private void throughWeights() {
    if (difference.size() == 0) {
      difference = Tensor.zeros(weights.shape());
      sum = Tensor.zeros(norm.shape());
      share = Tensor.zeros(norm.shape());
    }
    Tensor v = context.parameter(DIRECTION);
    ops.multiply(gradient, v, scratch);
    sums(scratch, sum);
    ops.multiply(norm, norm, share);
    ops.divideGroups(sum, each, share, share);
    ops.scaleGroups(v, units, share, scratch);
    ops.subtract(gradient, scratch, difference);
    ops.scaleGroups(difference, units, scale, context.gradient(DIRECTION));
    ops.divideGroups(sum, each, norm, context.gradient(SIZE));
  }

  /** Of v and g, those of the weights' gradient times what v and g do to the weights. */
  @Override
  public Terms terms() {
    Terms inner = pass.terms();
    return new Terms() {
      @Override
      public Tensor forward(List<Tensor> inputs, Tensor y) {
        return inner.forward(inputs, y);
      }

      @Override
      public List<Tensor> backward(Tensor dout, List<Tensor> gradients) {
        return inner.backward(dout, gradients);
      }

      @Override
      public Tensor gradient(String parameter, Tensor value) {
        return parameter.equals(DIRECTION) || parameter.equals(SIZE)
            ? throughWeights(parameter, inner.gradient(LinearPass.WEIGHTS, gradient))
            : inner.gradient(parameter, value);
      }
    };
  }

  private Tensor throughWeights(String parameter, Tensor terms) {
    double[] t = terms.unwrap();
    double[] v = context.parameter(DIRECTION).unwrap();
    double[] sums = new double[norm.size()];
    for (int i = 0; i < t.length; i++) {
      sums[units.of(i)] += Math.abs(t[i] * v[i]) / norm.unwrap()[units.of(i)];
    }
    if (parameter.equals(SIZE)) {
      return Tensor.vector(sums);
    }
    Tensor result = Tensor.zeros(terms.shape());
    for (int i = 0; i < t.length; i++) {
      int unit = units.of(i);
      double rest = Math.abs(v[i]) * sums[unit] / norm.unwrap()[unit];
      result.unwrap()[i] = Math.abs(scale.unwrap()[unit]) * (t[i] + rest);
    }
    return result;
  }

  @Override
  public void release() {
    super.release();
    pass.release();
  }
}
