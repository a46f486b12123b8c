package org.allclose.layer.dense;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.init.Initializer;
import org.allclose.internal.pass.LinearPass;
import org.allclose.internal.pass.WeightNorm;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.Pass;
import org.allclose.layer.UnaryLayer;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Fully connected (affine) layer, {@code y = x.reshape(n, -1).dot(W) + b}.
 *
 * <p>Shapes: x (n, d1, ..., dk), W (d1 * ... * dk, units), b (units), result (n, units). Gradients:
 * {@code dx = dout.dot(W.T).reshape(x.shape)}, {@code dW = x.reshape(n, -1).T.dot(dout)}, {@code db
 * = dout.sum(axis=0)}.
 *
 * <p>Of the last axis alone, which has the features of each step of a sequence, {@code y =
 * x.reshape(-1, dk).dot(W) + b}: W (dk, units), result (n, d1, ..., units); the gradients are those
 * of the reshaped arrays.
 *
 * <p>With weight norm, W is computed of parameters v (as W) and g (units): {@code W = v * (g /
 * norm)}, {@code norm = sqrt(sum(v * v))} of each unit's column. v starts as weights do, g at 1.
 *
 * <p>Source: the reference's {@code fc_forward} and {@code fc_backward}; cs231n {@code
 * affine_forward}, and {@code temporal_affine_forward} of the last axis.
 *
 * @param units the number of outputs
 * @param bias whether b is added
 * @param last whether the last axis alone is taken, rather than the whole sample
 * @param weightNorm whether W is computed of directions v and sizes g
 * @param initializer how W starts; empty if as all weights of the network. It is no part of a
 *     network file
 */
public record Dense(
    int units, boolean bias, boolean last, boolean weightNorm, Optional<Initializer> initializer)
    implements UnaryLayer {

  private static final int OUT_AXIS = 1;

  /** Whether a layer has a bias where nothing is said. */
  public static final boolean DEFAULT_BIAS = true;

  /** Whether a layer takes the last axis alone where nothing is said. */
  public static final boolean DEFAULT_LAST = false;

  /** Whether weights are computed of v and g where nothing is said. */
  public static final boolean DEFAULT_WEIGHT_NORM = false;

  private static final Setting<Dense, Integer> UNITS =
      Setting.integer("units", Dense::units).atLeast(1).bare();
  private static final Setting<Dense, Boolean> BIAS =
      Setting.truth("bias", DEFAULT_BIAS, Dense::bias);
  private static final Setting<Dense, Boolean> LAST =
      Setting.truth("last", DEFAULT_LAST, Dense::last);
  private static final Setting<Dense, Boolean> WEIGHT_NORM =
      Setting.truth("weightNorm", DEFAULT_WEIGHT_NORM, Dense::weightNorm);
  private static final Setting<Dense, Optional<Initializer>> INITIALIZER =
      Setting.program("initializer", Optional.empty(), Dense::initializer);

  /** What this kind of layer says of itself. */
  public static final Type<Dense> TYPE =
      Type.of(
              "dense",
              Dense.class,
              v ->
                  new Dense(
                      v.get(UNITS),
                      v.get(BIAS),
                      v.get(LAST),
                      v.get(WEIGHT_NORM),
                      v.get(INITIALIZER)),
              UNITS,
              BIAS,
              LAST,
              WEIGHT_NORM,
              INITIALIZER)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Dense(3), 5),
                      Sample.of(new Dense(3).bias(false), 5),
                      Sample.of(new Dense(4), 2, 3, 3),
                      Sample.of(new Dense(3).last(true), 4, 2),
                      Sample.of(new Dense(3).weightNorm(true), 4)));

  /**
   * @throws IllegalArgumentException if there is not at least one unit
   */
  public Dense {
    UNITS.check(units);
  }

  /** A layer with the given number of outputs and a bias. */
  public Dense(int units) {
    this(units, DEFAULT_BIAS, DEFAULT_LAST, DEFAULT_WEIGHT_NORM, Optional.empty());
  }

  /** Returns the same layer with or without a bias. */
  public Dense bias(boolean present) {
    return TYPE.with(this, BIAS, present);
  }

  /** Returns the same layer that takes the last axis alone, or the whole sample. */
  public Dense last(boolean alone) {
    return TYPE.with(this, LAST, alone);
  }

  /** Returns the same layer whose weights are computed of directions and sizes, or are not. */
  public Dense weightNorm(boolean computed) {
    return TYPE.with(this, WEIGHT_NORM, computed);
  }

  /** Returns the same layer whose weights start in their own way. */
  public Dense initializer(Initializer own) {
    return TYPE.with(this, INITIALIZER, Optional.of(own));
  }

  @Override
  public Type<Dense> type() {
    return TYPE;
  }

  @Override
  public Shape outputShape(Shape input) {
    return last ? input.withLast(units) : Shape.of(units);
  }

  /** Returns how many rows are multiplied with W for each sample. */
  private int rows(Shape input) {
    return last ? input.size() / input.axis(input.rank() - 1) : 1;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    List<ParameterSpec> parameters =
        new ArrayList<>(
            weightNorm ? WeightNorm.parameters(weights(input), OUT_AXIS) : List.of(weights(input)));
    if (bias) {
      parameters.add(ParameterSpec.bias(LinearPass.BIAS, Shape.of(units), AxisRole.OUT));
    }
    return parameters;
  }

  private ParameterSpec weights(Shape input) {
    return ParameterSpec.weight(
            LinearPass.WEIGHTS,
            Shape.of(input.size() / rows(input), units),
            AxisRole.IN,
            AxisRole.OUT)
        .startingWith(initializer);
  }

  @Override
  public Pass pass(LayerContext context) {
    return pass(context, false);
  }

  /** Returns the pass of this layer and a ReLU that follows it. */
  public Pass passWithRelu(LayerContext context) {
    return pass(context, true);
  }

  private Pass pass(LayerContext context, boolean relu) {
    Shape input = context.input();
    if (weightNorm) {
      Dense plain = weightNorm(false);
      return WeightNorm.pass(context, weights(input), OUT_AXIS, own -> plain.pass(own, relu));
    }
    return LinearPass.affine(context, rows(input), outputShape(input), bias, relu);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
