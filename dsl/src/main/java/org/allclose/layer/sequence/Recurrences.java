package org.allclose.layer.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.allclose.internal.ops.Recurrent;
import org.allclose.layer.AxisRole;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.sequence.RecurrentLayer.Returns;
import org.allclose.tensor.Shape;
import org.allclose.tensor.ShapeMismatchException;
import org.allclose.tensor.Tensor;

/** What recurrent layers have in common: shapes and parameters. */
final class Recurrences {
  static final String OF_X = "Wx";
  static final String OF_H = "Wh";
  static final String BIAS = "b";
  static final String RECURRENT_BIAS = "bh";

  private Recurrences() {}

  static Recurrent.Kind kind(RecurrentLayer layer) {
    if (layer instanceof Rnn rnn) {
      return rnn.activation() == Rnn.Activation.TANH ? Recurrent.Kind.TANH : Recurrent.Kind.RELU;
    }
    if (layer instanceof Gru gru) {
      return gru.resetAfter() ? Recurrent.Kind.GRU : Recurrent.Kind.GRU_RESET_FIRST;
    }
    return Recurrent.Kind.LSTM;
  }

  /** Returns the number of states: h, and c of an LSTM. */
  static int states(RecurrentLayer layer) {
    return layer instanceof Lstm ? 2 : 1;
  }

  static Shape outputShape(RecurrentLayer layer, List<Shape> inputs) {
    int lengths = layer.lengths() ? 1 : 0;
    if (inputs.size() < 1 + lengths || inputs.size() > 1 + states(layer) + lengths) {
      throw new ShapeMismatchException(
          "expected 1 input, at most "
              + states(layer)
              + " for states"
              + (layer.lengths() ? ", and 1 for lengths" : "")
              + " but got "
              + inputs.size());
    }
    if (inputs.get(0).rank() != 2) {
      throw new ShapeMismatchException(
          "expected input of shape (steps, features) but got " + inputs.get(0));
    }
    Shape state = Shape.of(layer.units());
    for (Shape given : inputs.subList(1, inputs.size() - lengths)) {
      requireShape("a state", state, given);
    }
    if (layer.lengths()) {
      requireShape("lengths", Shape.of(1), inputs.get(inputs.size() - 1));
    }
    return layer.returns() == Returns.SEQUENCE
        ? Shape.of(inputs.get(0).axis(0), layer.units())
        : state;
  }

  private static void requireShape(String what, Shape expected, Shape given) {
    if (!given.equals(expected)) {
      throw new ShapeMismatchException(
          "expected " + what + " of shape " + expected + " but got " + given);
    }
  }

  static List<ParameterSpec> parameters(RecurrentLayer layer, Shape x) {
    int wide = kind(layer).gates() * layer.units();
    List<ParameterSpec> all = new ArrayList<>();
    all.add(weight(OF_X, x.axis(1), wide));
    all.add(weight(OF_H, layer.units(), wide));
    all.add(ParameterSpec.bias(BIAS, Shape.of(wide), AxisRole.OUT));
    if (layer.recurrentBias()) {
      all.add(ParameterSpec.bias(RECURRENT_BIAS, Shape.of(wide), AxisRole.OUT));
    }
    return all;
  }

  private static ParameterSpec weight(String name, int rows, int columns) {
    return ParameterSpec.weight(name, Shape.of(rows, columns), AxisRole.IN, AxisRole.OUT);
  }

  /** What gives a parameter, its gradient or its magnitude by its name. */
  interface Source {
    Tensor get(String name);
  }

  static Recurrent.Weights weights(RecurrentLayer layer, Source source) {
    return new Recurrent.Weights(
        source.get(OF_X),
        source.get(OF_H),
        source.get(BIAS),
        layer.recurrentBias() ? Optional.of(source.get(RECURRENT_BIAS)) : Optional.empty());
  }

  static RecurrentPass pass(RecurrentLayer layer, LayerContext context) {
    return new RecurrentPass(layer, context);
  }
}
