package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.allclose.layer.sequence.Gru;
import org.allclose.layer.sequence.Lstm;
import org.allclose.layer.sequence.RecurrentLayer;
import org.allclose.layer.sequence.RecurrentLayer.Returns;
import org.allclose.layer.sequence.Rnn;
import org.allclose.tensor.Shape;

/** Runs a recurrent layer in exact arithmetic, a sample and a unit at a time. */
final class ExactRecurrent {
  private final Tape tape;
  private final RecurrentLayer layer;
  private final Function<String, Values> parameters;
  private final int units;

  /**
   * @param parameters the layer's by their names in it
   */
  ExactRecurrent(Tape tape, RecurrentLayer layer, Function<String, Values> parameters) {
    this.tape = tape;
    this.layer = layer;
    this.parameters = parameters;
    units = layer.units();
  }

  Values run(List<Values> given) {
    Shape x = given.get(0).shape();
    int states = given.size() - (layer.lengths() ? 2 : 1);
    List<Node> all = new ArrayList<>();
    for (int row = 0; row < x.axis(0); row++) {
      List<Node> h = states > 0 ? row(given.get(1), row) : zeros();
      List<Node> c = states > 1 ? row(given.get(2), row) : zeros();
      int steps = x.axis(1);
      int length =
          layer.lengths() ? given.get(given.size() - 1).at(row, 0).value().intValue() : steps;
      List<List<Node>> outputs = new ArrayList<>();
      for (int t = 0; t < steps; t++) {
        outputs.add(zeros());
      }
      for (int step = 0; step < steps; step++) {
        int t = layer.reverse() ? steps - 1 - step : step;
        if (t < length) {
          List<Node> inputs = new ArrayList<>();
          for (int j = 0; j < x.axis(2); j++) {
            inputs.add(given.get(0).at(row, t, j));
          }
          List<Node> next = new ArrayList<>();
          List<Node> memory = new ArrayList<>();
          for (int unit = 0; unit < units; unit++) {
            step(inputs, h, c, unit, next, memory);
          }
          h = next;
          c = memory;
          outputs.set(t, h);
        }
      }
      if (layer.returns() == Returns.SEQUENCE) {
        outputs.forEach(all::addAll);
      } else {
        all.addAll(layer.returns() == Returns.LAST ? h : c);
      }
    }
    return new Values(layer.outputShape(sampleShapes(given)).prepend(x.axis(0)), all);
  }

  private static List<Shape> sampleShapes(List<Values> given) {
    return given.stream().map(values -> values.shape().dropFirst()).toList();
  }

  private List<Node> zeros() {
    List<Node> zeros = new ArrayList<>();
    for (int i = 0; i < units; i++) {
      zeros.add(tape.number(0));
    }
    return zeros;
  }

  private List<Node> row(Values values, int row) {
    return values.all().subList(row * units, (row + 1) * units);
  }

  /** Computes a unit of the state after a step, and of the memory. */
  private void step(
      List<Node> x, List<Node> h, List<Node> c, int unit, List<Node> next, List<Node> memory) {
    if (layer instanceof Rnn rnn) {
      Node a = affine(x, h, unit);
      next.add(
          rnn.activation() == Rnn.Activation.TANH
              ? tanh(a)
              : ExactLayers.positive(a) ? a : tape.times(0, a));
      memory.add(c.get(unit));
    } else if (layer instanceof Lstm) {
      Node i = sigmoid(affine(x, h, unit));
      Node f = sigmoid(affine(x, h, units + unit));
      Node o = sigmoid(affine(x, h, 2 * units + unit));
      Node g = tanh(affine(x, h, 3 * units + unit));
      Node after = tape.plus(tape.times(f, c.get(unit)), tape.times(i, g));
      memory.add(after);
      next.add(tape.times(o, tanh(after)));
    } else if (layer instanceof Gru gru) {
      Node z = sigmoid(affine(x, h, units + unit));
      Node n = gru.resetAfter() ? resetAfter(x, h, unit) : resetFirst(x, h, unit);
      Node rest = tape.minus(tape.number(1), z);
      next.add(tape.plus(tape.times(rest, n), tape.times(z, h.get(unit))));
      memory.add(c.get(unit));
    }
  }

  private Node resetAfter(List<Node> x, List<Node> h, int unit) {
    Node r = sigmoid(affine(x, h, unit));
    Node ofX = tape.plus(product(x, "Wx", 2 * units + unit), bias("b", 2 * units + unit));
    Node ofH = product(h, "Wh", 2 * units + unit);
    ofH = layer.recurrentBias() ? tape.plus(ofH, bias("bh", 2 * units + unit)) : ofH;
    return tanh(tape.plus(ofX, tape.times(r, ofH)));
  }

  private Node resetFirst(List<Node> x, List<Node> h, int unit) {
    List<Node> reset = new ArrayList<>();
    for (int k = 0; k < units; k++) {
      reset.add(tape.times(sigmoid(affine(x, h, k)), h.get(k)));
    }
    return tanh(affine(x, reset, 2 * units + unit));
  }

  private Node affine(List<Node> x, List<Node> h, int column) {
    Node sum = tape.plus(product(x, "Wx", column), product(h, "Wh", column));
    sum = tape.plus(sum, bias("b", column));
    return layer.recurrentBias() ? tape.plus(sum, bias("bh", column)) : sum;
  }

  private Node product(List<Node> row, String weights, int column) {
    List<Node> factors = new ArrayList<>();
    for (int k = 0; k < row.size(); k++) {
      factors.add(parameters.apply(weights).at(k, column));
    }
    return tape.dot(row, factors);
  }

  private Node bias(String name, int column) {
    return parameters.apply(name).at(column);
  }

  private Node sigmoid(Node v) {
    Node one = tape.number(1);
    return tape.dividedBy(one, tape.plus(one, tape.exp(tape.times(-1, v))));
  }

  /** Returns 1 - 2 / (exp(2 v) + 1). */
  private Node tanh(Node v) {
    Node one = tape.number(1);
    Node power = tape.exp(tape.times(2, v));
    return tape.minus(one, tape.dividedBy(tape.number(2), tape.plus(power, one)));
  }
}
