package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.allclose.layer.Layer;
import org.allclose.layer.sequence.PositionalEmbedding;
import org.allclose.layer.sequence.PositionalEncoding;
import org.allclose.layer.sequence.RotaryEmbedding;

/** Layers that tell where in a sequence a vector stands, by their definition. */
final class ExactPositions {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(PositionalEmbedding.class, PositionalEncoding.class, RotaryEmbedding.class);

  private final Tape tape;

  ExactPositions(Tape tape) {
    this.tape = tape;
  }

  Values run(Layer layer, Map<String, Values> parameters, String name, Values x) {
    List<Node> y = new ArrayList<>();
    int last = x.shape().rank() - 1;
    for (int[] at : ExactLayers.indices(x.shape())) {
      if (layer instanceof PositionalEmbedding) {
        y.add(tape.plus(x.at(at), parameters.get(name + "W").at(at[last - 1], at[last])));
      } else if (layer instanceof PositionalEncoding encoding) {
        Node angle = angle(at[last - 1], at[last] / 2 * 2, x.shape().axis(last), encoding.base());
        y.add(tape.plus(x.at(at), at[last] % 2 == 0 ? tape.sin(angle) : tape.cos(angle)));
      } else {
        y.add(turned((RotaryEmbedding) layer, x, at));
      }
    }
    return new Values(x.shape(), y);
  }

  /** Returns step / base^(column / features). */
  private Node angle(int step, int column, int features, double base) {
    Node exponent = tape.dividedBy(tape.number(-column), tape.number(features));
    return tape.times(step, tape.exp(tape.times(exponent, tape.log(tape.number(base)))));
  }

  private Node turned(RotaryEmbedding layer, Values x, int[] at) {
    int last = at.length - 1;
    int features = x.shape().axis(last);
    int half = features / 2;
    boolean isFirst = layer.interleaved() ? at[last] % 2 == 0 : at[last] < half;
    int pair = layer.interleaved() ? at[last] / 2 : at[last] % half;
    int[] other = at.clone();
    other[last] += (isFirst ? 1 : -1) * (layer.interleaved() ? 1 : half);
    Node angle = angle(at[last - 1], 2 * pair, features, layer.base());
    Node own = tape.times(x.at(at), tape.cos(angle));
    Node added = tape.times(x.at(other), tape.sin(angle));
    return isFirst ? tape.minus(own, added) : tape.plus(own, added);
  }
}
