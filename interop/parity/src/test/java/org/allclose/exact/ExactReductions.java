package org.allclose.exact;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.allclose.layer.Layer;
import org.allclose.layer.combine.Add;
import org.allclose.layer.combine.Divide;
import org.allclose.layer.combine.Matmul;
import org.allclose.layer.combine.Max;
import org.allclose.layer.combine.Maximum;
import org.allclose.layer.combine.Mean;
import org.allclose.layer.combine.Min;
import org.allclose.layer.combine.Minimum;
import org.allclose.layer.combine.Multiply;
import org.allclose.layer.combine.Subtract;
import org.allclose.layer.combine.Sum;
import org.allclose.layer.combine.Ties;
import org.allclose.tensor.Shape;

/** Layers whose inputs are broadcast, and layers over axes, by their definitions. */
final class ExactReductions {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(
          Add.class,
          Divide.class,
          Matmul.class,
          Max.class,
          Maximum.class,
          Mean.class,
          Min.class,
          Minimum.class,
          Multiply.class,
          Subtract.class,
          Sum.class);

  private final Tape tape;

  ExactReductions(Tape tape) {
    this.tape = tape;
  }

  /** Runs a layer. */
  Values run(Layer layer, Shape out, List<Values> given) {
    Values x = given.get(0);
    if (layer instanceof Sum sum) {
      return reduce(sum.axes(), x, out, tape::sum);
    } else if (layer instanceof Mean mean) {
      return reduce(mean.axes(), x, out, tape::mean);
    } else if (layer instanceof Max max) {
      return reduce(max.axes(), x, out, members -> extreme(members, 1, max.ties()));
    } else if (layer instanceof Min min) {
      return reduce(min.axes(), x, out, members -> extreme(members, -1, min.ties()));
    } else if (layer instanceof Matmul) {
      return matmul(x, given.get(1), out);
    }
    BiFunction<Node, Node, Node> operation = operation(layer);
    Values y = x;
    for (Values next : given.subList(1, given.size())) {
      y = broadcast(y, next, operation);
    }
    return y;
  }

  private BiFunction<Node, Node, Node> operation(Layer layer) {
    if (layer instanceof Add) {
      return tape::plus;
    } else if (layer instanceof Subtract) {
      return tape::minus;
    } else if (layer instanceof Multiply) {
      return tape::times;
    } else if (layer instanceof Divide) {
      return tape::dividedBy;
    } else if (layer instanceof Maximum) {
      return (a, b) -> larger(a, b, 1);
    } else if (layer instanceof Minimum) {
      return (a, b) -> larger(a, b, -1);
    }
    throw new IllegalArgumentException("expected a known layer but got " + layer);
  }

  /** Returns a function of the values of two arrays that numpy broadcasts, the batch apart. */
  private static Values broadcast(Values a, Values b, BiFunction<Node, Node, Node> function) {
    int rank = Math.max(a.shape().rank(), b.shape().rank());
    int[] axes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      axes[axis] = Math.max(length(a, axis, rank), length(b, axis, rank));
    }
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(Shape.of(axes))) {
      y.add(function.apply(broadcast(a, at), broadcast(b, at)));
    }
    return new Values(Shape.of(axes), y);
  }

  private Values matmul(Values a, Values b, Shape out) {
    List<Node> y = new ArrayList<>();
    for (int[] at : ExactLayers.indices(out)) {
      List<Node> row = new ArrayList<>();
      List<Node> column = new ArrayList<>();
      int[] first = at.clone();
      int[] second = at.clone();
      for (int k = 0; k < a.shape().axis(a.shape().rank() - 1); k++) {
        first[at.length - 1] = k;
        second[at.length - 2] = k;
        row.add(broadcast(a, first));
        column.add(broadcast(b, second));
      }
      y.add(tape.dot(row, column));
    }
    return new Values(out, y);
  }

  private static Node broadcast(Values x, int[] at) {
    int[] own = new int[x.shape().rank()];
    own[0] = at[0];
    for (int axis = 1; axis < own.length; axis++) {
      own[axis] = x.shape().axis(axis) == 1 ? 0 : at[at.length - own.length + axis];
    }
    return x.at(own);
  }

  private static int length(Values x, int axis, int rank) {
    int missing = rank - x.shape().rank();
    if (axis == 0) {
      return x.shape().axis(0);
    }
    return axis <= missing ? 1 : x.shape().axis(axis - missing);
  }

  /** Returns the larger of two numbers times a sign; their mean where they are equal. */
  private Node larger(Node a, Node b, int sign) {
    if (a.value().equals(b.value())) {
      return tape.times(0.5, tape.plus(a, b));
    }
    return a.value().greaterThan(b.value()) == sign > 0 ? a : b;
  }

  /** Returns what a function of the elements along axes gives, these in C order. */
  private static Values reduce(
      List<Integer> axes, Values x, Shape out, Function<List<Node>, Node> function) {
    int rank = x.shape().rank();
    Map<List<Integer>, List<Node>> groups = new LinkedHashMap<>();
    for (int[] at : ExactLayers.indices(x.shape())) {
      List<Integer> kept = new ArrayList<>();
      for (int axis = 0; axis < rank; axis++) {
        boolean isReduced = axis > 0 && (axes.contains(axis - 1) || axes.contains(axis - rank));
        kept.add(isReduced ? 0 : at[axis]);
      }
      groups.computeIfAbsent(kept, any -> new ArrayList<>()).add(x.at(at));
    }
    return new Values(out, groups.values().stream().map(function).toList());
  }

  /** Returns the first of the largest numbers times a sign, or the mean of all of them. */
  private Node extreme(List<Node> members, int sign, Ties ties) {
    Node best = members.get(0);
    for (Node member : members) {
      if (sign > 0
          ? member.value().greaterThan(best.value())
          : member.value().lessThan(best.value())) {
        best = member;
      }
    }
    Node found = best;
    return ties == Ties.FIRST
        ? found
        : tape.mean(
            members.stream().filter(member -> member.value().equals(found.value())).toList());
  }

  /** Returns what a function of rows gives for those along an axis of a sample. */
  static Values alongAxis(int axis, Values x, UnaryOperator<Values> function) {
    int[] axes = x.shape().toArray();
    int resolved = axis < 0 ? axis + axes.length : axis + 1;
    int inner = 1;
    for (int i = resolved + 1; i < axes.length; i++) {
      inner *= axes[i];
    }
    int length = axes[resolved];
    List<Node> rows = new ArrayList<>();
    for (int i = 0; i < x.all().size(); i++) {
      int row = i / length;
      rows.add(x.all().get((row / inner * length + i % length) * inner + row % inner));
    }
    Values given = new Values(Shape.of(x.all().size() / length, length), rows);
    List<Node> results = function.apply(given).all();
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      int row = i / inner / length * inner + i % inner;
      y.add(results.get(row * length + i / inner % length));
    }
    return new Values(x.shape(), y);
  }
}
