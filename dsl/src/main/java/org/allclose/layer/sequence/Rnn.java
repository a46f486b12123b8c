package org.allclose.layer.sequence;

import java.util.List;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Pass;
import org.allclose.tensor.Shape;
import org.allclose.type.Sample;
import org.allclose.type.Setting;
import org.allclose.type.Type;

/**
 * Plain recurrent layer: {@code h = tanh(x.dot(Wx) + h.dot(Wh) + b)} in each step, or {@code a * (a
 * > 0)} of the sum a.
 *
 * <p>Shapes and inputs: {@link RecurrentLayer}; one gate.
 *
 * <p>Source: the reference's {@code rnn_step_forward}; cs231n {@code rnn_forward}; PyTorch {@code
 * RNN}, of one layer and direction.
 *
 * @param units the width of the state
 * @param activation what comes behind the sum
 * @param reverse whether the last step comes first
 * @param returns what the layer gives
 * @param recurrentBias whether there is a second bias bh, added behind b
 * @param lengths whether the last input has the number of steps of each sample
 */
public record Rnn(
    int units,
    Activation activation,
    boolean reverse,
    Returns returns,
    boolean recurrentBias,
    boolean lengths)
    implements RecurrentLayer {

  /** What comes behind the sum. */
  public enum Activation {
    TANH,
    RELU
  }

  /** The activation where nothing is said. */
  public static final Activation DEFAULT_ACTIVATION = Activation.TANH;

  /** What the layer gives where nothing is said: all states. */
  public static final Returns DEFAULT_RETURNS = Returns.SEQUENCE;

  private static final Setting<Rnn, Integer> UNITS =
      Setting.<Rnn>integer("units", Rnn::units).atLeast(1).bare();
  private static final Setting<Rnn, Activation> ACTIVATION =
      Setting.<Rnn, Activation>choice("activation", Activation.class, Rnn::activation)
          .orElse(DEFAULT_ACTIVATION)
          .quiet();
  private static final Setting<Rnn, Boolean> REVERSE =
      Setting.truth("reverse", DEFAULT_REVERSE, Rnn::reverse);
  private static final Setting<Rnn, Returns> RETURNS =
      Setting.<Rnn, Returns>choice("returns", Returns.class, Rnn::returns)
          .where("sequence or last", value -> value != Returns.CELL)
          .orElse(DEFAULT_RETURNS)
          .quiet();
  private static final Setting<Rnn, Boolean> RECURRENT_BIAS =
      Setting.truth("recurrentBias", DEFAULT_RECURRENT_BIAS, Rnn::recurrentBias);
  private static final Setting<Rnn, Boolean> LENGTHS =
      Setting.truth("lengths", DEFAULT_LENGTHS, Rnn::lengths);

  /** What this kind of layer says of itself. */
  public static final Type<Rnn> TYPE =
      Type.of(
              "rnn",
              Rnn.class,
              v ->
                  new Rnn(
                      v.get(UNITS),
                      v.get(ACTIVATION),
                      v.get(REVERSE),
                      v.get(RETURNS),
                      v.get(RECURRENT_BIAS),
                      v.get(LENGTHS)),
              UNITS,
              ACTIVATION,
              REVERSE,
              RETURNS,
              RECURRENT_BIAS,
              LENGTHS)
          .withSamples(
              () ->
                  List.of(
                      Sample.of(new Rnn(3), 4, 2),
                      Sample.ofInputs(
                          new Rnn(2).reverse(true).recurrentBias(true).returns(Returns.LAST),
                          Shape.of(3, 2),
                          Shape.of(2)),
                      Sample.ofInputs(new Rnn(2).lengths(true), Shape.of(4, 2), Shape.of(1)),
                      Sample.of(new Rnn(2).activation(Activation.RELU), 3, 2)));

  /**
   * @throws IllegalArgumentException if there is not at least one unit, or a memory is to be given
   */
  public Rnn {
    UNITS.check(units);
    RETURNS.check(returns);
  }

  /** A layer of so many units with the defaults. */
  public Rnn(int units) {
    this(
        units,
        DEFAULT_ACTIVATION,
        DEFAULT_REVERSE,
        DEFAULT_RETURNS,
        DEFAULT_RECURRENT_BIAS,
        DEFAULT_LENGTHS);
  }

  /** Returns the same layer with another activation. */
  public Rnn activation(Activation function) {
    return TYPE.with(this, ACTIVATION, function);
  }

  /** Returns the same layer that begins with the last step, or with the first. */
  public Rnn reverse(boolean lastFirst) {
    return TYPE.with(this, REVERSE, lastFirst);
  }

  /** Returns the same layer that gives something else. */
  public Rnn returns(Returns result) {
    return TYPE.with(this, RETURNS, result);
  }

  /** Returns the same layer with or without a second bias. */
  public Rnn recurrentBias(boolean present) {
    return TYPE.with(this, RECURRENT_BIAS, present);
  }

  /** Returns the same layer whose last input has the lengths of samples, or not. */
  public Rnn lengths(boolean given) {
    return TYPE.with(this, LENGTHS, given);
  }

  @Override
  public Type<Rnn> type() {
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
