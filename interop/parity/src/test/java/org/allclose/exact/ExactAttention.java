package org.allclose.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.allclose.layer.Layer;
import org.allclose.layer.sequence.Attention;
import org.allclose.layer.sequence.MultiHeadAttention;
import org.allclose.tensor.Shape;

/** Layers that attend, by their definition, a score and an output at a time. */
final class ExactAttention {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN = Set.of(Attention.class, MultiHeadAttention.class);

  private final Tape tape;
  private final ExactLayers layers;

  ExactAttention(Tape tape, ExactLayers layers) {
    this.tape = tape;
    this.layers = layers;
  }

  Values run(Layer layer, String name, Shape out, List<Values> given) {
    if (layer instanceof Attention attention) {
      return attend(given, 1, attention.causal(), attention.scale(), weight -> weight, out);
    }
    MultiHeadAttention multi = (MultiHeadAttention) layer;
    List<Values> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Values x = given.get(given.size() < 3 ? 0 : i);
      parts.add(affine(x, name, "qkv".substring(i, i + 1), multi.bias()));
    }
    if (given.size() % 2 == 0) {
      parts.add(given.get(given.size() - 1));
    }
    UnaryOperator<Node> drop = weight -> layers.dropIfAny(weight, multi.keep());
    Values taken = attend(parts, multi.heads(), multi.causal(), Optional.empty(), drop, out);
    return affine(taken, name, "o", multi.bias());
  }

  /** Returns x W + b of the last axis. */
  private Values affine(Values x, String name, String part, boolean bias) {
    Values w = layers.parameters().get(name + "W" + part);
    int inputs = w.shape().axis(0);
    int units = w.shape().axis(1);
    List<Node> y = new ArrayList<>();
    for (int row = 0; row < x.shape().size(); row += inputs) {
      for (int unit = 0; unit < units; unit++) {
        List<Node> column = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
          column.add(w.at(i, unit));
        }
        Node product = tape.dot(x.all().subList(row, row + inputs), column);
        y.add(
            bias
                ? tape.plus(product, layers.parameters().get(name + "b" + part).at(unit))
                : product);
      }
    }
    return new Values(x.shape().withLast(units), y);
  }

  private Values attend(
      List<Values> given,
      int heads,
      boolean causal,
      Optional<Double> scale,
      UnaryOperator<Node> drop,
      Shape out) {
    Values q = given.get(0);
    Values k = given.get(1);
    int last = q.shape().rank() - 1;
    int targets = q.shape().axis(last - 1);
    int sources = k.shape().axis(last - 1);
    Shape scores = q.shape().withLast(sources);
    if (heads > 1) {
      scores = Shape.of(q.shape().axis(0), heads, targets, sources);
    }
    List<Node> weights = new ArrayList<>();
    for (int[] at : ExactLayers.indices(scores.withLast(1))) {
      List<Node> row = new ArrayList<>();
      int target = at[at.length - 2];
      for (int source = 0; source < (causal ? Math.min(target + 1, sources) : sources); source++) {
        at[at.length - 1] = source;
        Node score = score(q, k, at, heads, scale);
        row.add(given.size() > 3 ? tape.plus(score, mask(given.get(3), at)) : score);
      }
      List<Node> powers = row.stream().map(tape::exp).toList();
      Node total = tape.sum(powers);
      for (int source = 0; source < sources; source++) {
        Node weight =
            source < powers.size() ? tape.dividedBy(powers.get(source), total) : tape.number(0);
        weights.add(drop.apply(weight));
      }
    }
    return products(new Values(scores, weights), given.get(2), heads, out);
  }

  private Node score(Values q, Values k, int[] at, int heads, Optional<Double> scale) {
    int features = q.shape().axis(q.shape().rank() - 1) / heads;
    List<Node> of = part(q, at, at[at.length - 2], heads);
    Node product = tape.dot(of, part(k, at, at[at.length - 1], heads));
    return scale
        .map(factor -> tape.times(factor, product))
        .orElseGet(() -> tape.dividedBy(product, tape.sqrt(tape.number(features))));
  }

  /** Returns a head's features of a step; the head is the second index where there are several. */
  private static List<Node> part(Values x, int[] at, int step, int heads) {
    int[] index = new int[x.shape().rank()];
    System.arraycopy(at, 0, index, 0, index.length - 2);
    int features = x.shape().axis(index.length - 1) / heads;
    index[index.length - 2] = step;
    List<Node> part = new ArrayList<>();
    for (int i = 0; i < features; i++) {
      index[index.length - 1] = (heads > 1 ? at[1] * features : 0) + i;
      part.add(x.at(index));
    }
    return part;
  }

  private static Node mask(Values mask, int[] at) {
    int[] index = new int[mask.shape().rank()];
    for (int axis = 1; axis < index.length; axis++) {
      boolean isOne = mask.shape().axis(axis) == 1;
      index[axis] = isOne ? 0 : at[at.length - index.length + axis];
    }
    index[0] = at[0];
    return mask.at(index);
  }

  /** Returns the sums of the values, weighted. */
  private Values products(Values weights, Values v, int heads, Shape out) {
    int rank = out.rank();
    int width = v.shape().axis(rank - 1);
    Shape shape = out.withLast(width);
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(shape)) {
      int sources = weights.shape().axis(weights.shape().rank() - 1);
      int[] weight = new int[weights.shape().rank()];
      System.arraycopy(at, 0, weight, 0, rank - 2);
      weight[weight.length - 2] = at[rank - 2];
      if (heads > 1) {
        weight[1] = at[rank - 1] / (width / heads);
      }
      int[] value = at.clone();
      List<Node> of = new ArrayList<>();
      List<Node> column = new ArrayList<>();
      for (int source = 0; source < sources; source++) {
        weight[weight.length - 1] = source;
        value[rank - 2] = source;
        of.add(weights.at(weight));
        column.add(v.at(value));
      }
      y.add(tape.dot(of, column));
    }
    return new Values(shape, y);
  }
}
