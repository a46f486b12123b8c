package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Long short-term memory: gates i, f, o (sigmoid) and g (tanh) of {@code x.dot(Wx) + h.dot(Wh) +
 * b}, side by side in this order; {@code c = f * c + i * g}, {@code h = o * tanh(c)}.
 *
 * <p>Shapes and inputs: {@link RecurrentLayer}; four gates, states h and c.
 *
 * <p>Source: the reference's {@code lstm_step_forward}; cs231n {@code lstm_forward}; PyTorch {@code
 * LSTM}, of one layer and direction, whose gates come in the order i, f, g, o.
 *
 * @param units the width of h and c
 * @param reverse whether the last step comes first
 * @param returns what the layer gives
 * @param recurrentBias whether there is a second bias bh, added behind b
 * @param lengths whether the last input has the number of steps of each sample
 */
public record Lstm(
    int units, boolean reverse, Returns returns, boolean recurrentBias, boolean lengths)
    implements RecurrentLayer {

  /** What the layer gives where nothing is said: all states. */
  public static final Returns DEFAULT_RETURNS = Returns.SEQUENCE;

  private static final Setting<Lstm, Integer> UNITS =
      Setting.<Lstm>integer("units", Lstm::units).atLeast(1).bare();
  private static final Setting<Lstm, Boolean> REVERSE =
      Setting.truth("reverse", DEFAULT_REVERSE, Lstm::reverse);
  private static final Setting<Lstm, Returns> RETURNS =
      Setting.<Lstm, Returns>choice("returns", Returns.class, Lstm::returns)
          .orElse(DEFAULT_RETURNS)
          .quiet();
  private static final Setting<Lstm, Boolean> RECURRENT_BIAS =
      Setting.truth("recurrentBias", DEFAULT_RECURRENT_BIAS, Lstm::recurrentBias);
  private static final Setting<Lstm, Boolean> LENGTHS =
      Setting.truth("lengths", DEFAULT_LENGTHS, Lstm::lengths);

  /** What this kind of layer says of itself. */
  public static final Type<Lstm> TYPE =
      Type.of(
              "lstm",
              Lstm.class,
              v ->
                  new Lstm(
                      v.get(UNITS),
                      v.get(REVERSE),
                      v.get(RETURNS),
                      v.get(RECURRENT_BIAS),
                      v.get(LENGTHS)),
              UNITS,
              REVERSE,
              RETURNS,
              RECURRENT_BIAS,
              LENGTHS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Lstm(3), 4, 2),
                      Sample.ofInputs(
                          new Lstm(2).reverse(true).recurrentBias(true).returns(Returns.LAST),
                          Shape.of(3, 2),
                          Shape.of(2)),
                      Sample.ofInputs(new Lstm(2).lengths(true), Shape.of(4, 2), Shape.of(1)),
                      Sample.ofInputs(
                          new Lstm(2).returns(Returns.CELL),
                          Shape.of(3, 2),
                          Shape.of(2),
                          Shape.of(2))));

  /**
   * @throws IllegalArgumentException if there is not at least one unit
   */
  public Lstm {
    UNITS.check(units);
  }

  /** A layer of so many units with the defaults. */
  public Lstm(int units) {
    this(units, DEFAULT_REVERSE, DEFAULT_RETURNS, DEFAULT_RECURRENT_BIAS, DEFAULT_LENGTHS);
  }

  /** Returns the same layer that begins with the last step, or with the first. */
  public Lstm reverse(boolean lastFirst) {
    return TYPE.with(this, REVERSE, lastFirst);
  }

  /** Returns the same layer that gives something else. */
  public Lstm returns(Returns result) {
    return TYPE.with(this, RETURNS, result);
  }

  /** Returns the same layer with or without a second bias. */
  public Lstm recurrentBias(boolean present) {
    return TYPE.with(this, RECURRENT_BIAS, present);
  }

  /** Returns the same layer whose last input has the lengths of samples, or not. */
  public Lstm lengths(boolean given) {
    return TYPE.with(this, LENGTHS, given);
  }

  @Override
  public Type<Lstm> type() {
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
