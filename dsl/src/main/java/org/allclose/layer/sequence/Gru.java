package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Gated recurrent unit: gates r and z (sigmoid) of {@code x.dot(Wx) + h.dot(Wh) + b}, {@code n =
 * tanh(x.dot(Wxn) + bn + r * h.dot(Whn))}, and {@code h = (1 - z) * n + z * h}; r, z, n side by in
 * this order. With a second bias r multiplies {@code h.dot(Whn) + bhn}. If r comes before the
 * product, {@code n = tanh(x.dot(Wxn) + (r * h).dot(Whn) + bn)}, and bhn is added to it.
 *
 * <p>Shapes and inputs: {@link RecurrentLayer}; three gates.
 *
 * <p>Source: the reference's {@code gru_step_forward}; PyTorch {@code GRU}, of one layer and
 * direction; Keras {@code GRU}, with and without its {@code reset_after}, whose gates come in the
 * order z, r, n.
 *
 * @param units the width of the state
 * @param reverse whether the last step comes first
 * @param returns what the layer gives
 * @param recurrentBias whether there is a second bias bh, added behind b
 * @param lengths whether the last input has the number of steps of each sample
 * @param resetAfter whether r multiplies the product of h with its weights, and not h
 */
public record Gru(
    int units,
    boolean reverse,
    Returns returns,
    boolean recurrentBias,
    boolean lengths,
    boolean resetAfter)
    implements RecurrentLayer {

  /** What the layer gives where nothing is said: all states. */
  public static final Returns DEFAULT_RETURNS = Returns.SEQUENCE;

  /** Whether r multiplies the product where nothing is said. */
  public static final boolean DEFAULT_RESET_AFTER = true;

  private static final Setting<Gru, Integer> UNITS =
      Setting.<Gru>integer("units", Gru::units).atLeast(1).bare();
  private static final Setting<Gru, Boolean> REVERSE =
      Setting.truth("reverse", DEFAULT_REVERSE, Gru::reverse);
  private static final Setting<Gru, Returns> RETURNS =
      Setting.<Gru, Returns>choice("returns", Returns.class, Gru::returns)
          .where("sequence or last", value -> value != Returns.CELL)
          .orElse(DEFAULT_RETURNS)
          .quiet();
  private static final Setting<Gru, Boolean> RECURRENT_BIAS =
      Setting.truth("recurrentBias", DEFAULT_RECURRENT_BIAS, Gru::recurrentBias);
  private static final Setting<Gru, Boolean> LENGTHS =
      Setting.truth("lengths", DEFAULT_LENGTHS, Gru::lengths);
  private static final Setting<Gru, Boolean> RESET_AFTER =
      Setting.truth("resetAfter", DEFAULT_RESET_AFTER, Gru::resetAfter);

  /** What this kind of layer says of itself. */
  public static final Type<Gru> TYPE =
      Type.of(
              "gru",
              Gru.class,
              v ->
                  new Gru(
                      v.get(UNITS),
                      v.get(REVERSE),
                      v.get(RETURNS),
                      v.get(RECURRENT_BIAS),
                      v.get(LENGTHS),
                      v.get(RESET_AFTER)),
              UNITS,
              REVERSE,
              RETURNS,
              RECURRENT_BIAS,
              LENGTHS,
              RESET_AFTER)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Gru(3), 4, 2),
                      Sample.ofInputs(
                          new Gru(2).reverse(true).recurrentBias(true).returns(Returns.LAST),
                          Shape.of(3, 2),
                          Shape.of(2)),
                      Sample.ofInputs(new Gru(2).lengths(true), Shape.of(4, 2), Shape.of(1)),
                      Sample.ofInputs(
                          new Gru(2).resetAfter(false).recurrentBias(true).lengths(true),
                          Shape.of(3, 2),
                          Shape.of(2),
                          Shape.of(1))));

  /**
   * @throws IllegalArgumentException if there is not at least one unit, or a memory is to be given
   */
  public Gru {
    UNITS.check(units);
    RETURNS.check(returns);
  }

  /** A layer of so many units with the defaults. */
  public Gru(int units) {
    this(
        units,
        DEFAULT_REVERSE,
        DEFAULT_RETURNS,
        DEFAULT_RECURRENT_BIAS,
        DEFAULT_LENGTHS,
        DEFAULT_RESET_AFTER);
  }

  /** Returns the same layer that begins with the last step, or with the first. */
  public Gru reverse(boolean lastFirst) {
    return TYPE.with(this, REVERSE, lastFirst);
  }

  /** Returns the same layer that gives something else. */
  public Gru returns(Returns result) {
    return TYPE.with(this, RETURNS, result);
  }

  /** Returns the same layer with or without a second bias. */
  public Gru recurrentBias(boolean present) {
    return TYPE.with(this, RECURRENT_BIAS, present);
  }

  /** Returns the same layer whose last input has the lengths of samples, or not. */
  public Gru lengths(boolean given) {
    return TYPE.with(this, LENGTHS, given);
  }

  /** Returns the same layer whose gate r comes after the product of h with its weights, or not. */
  public Gru resetAfter(boolean after) {
    return TYPE.with(this, RESET_AFTER, after);
  }

  @Override
  public Type<Gru> type() {
    return TYPE;
  }

  @Override
  public Pass pass(LayerContext context) {
    return Recurrences.pass(this, context);
  }

  @Override
  public String toString() {
    return TYPE.print(this);
  }
}
