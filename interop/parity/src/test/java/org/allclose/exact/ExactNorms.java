package org.allclose.exact;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.norm.BatchNorm;
import org.allclose.layer.norm.GroupNorm;
import org.allclose.layer.norm.InstanceNorm;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.layer.norm.RmsNorm;
import org.allclose.tensor.Shape;

/** Runs normalizations forward in exact arithmetic, each by its definition. */
final class ExactNorms {

  /** The layers that are defined here. */
  static final Set<Class<?>> KNOWN =
      Set.of(BatchNorm.class, GroupNorm.class, InstanceNorm.class, LayerNorm.class, RmsNorm.class);

  private final Tape tape;
  private final Map<String, Values> parameters;
  private final String name;
  private final Mode mode;

  /**
   * @param name of the layer, with the slash that parameters have behind it
   */
  ExactNorms(Tape tape, Map<String, Values> parameters, String name, Mode mode) {
    this.tape = tape;
    this.parameters = parameters;
    this.name = name;
    this.mode = mode;
  }

  Values run(Layer layer, Shape sample, Values x) {
    if (layer instanceof BatchNorm norm) {
      return batchNorm(norm, x);
    } else if (layer instanceof LayerNorm norm) {
      int size = last(sample, norm.axes());
      return normalize(x, i -> i / size, i -> i % size, norm.epsilon());
    } else if (layer instanceof RmsNorm norm) {
      return rmsNorm(norm, last(sample, norm.axes()), x);
    }
    int place = sample.size() / sample.axis(0);
    if (layer instanceof InstanceNorm norm) {
      return normalize(x, i -> i / place, i -> i / place % sample.axis(0), norm.epsilon());
    }
    GroupNorm norm = (GroupNorm) layer;
    int group = sample.size() / norm.groups();
    return normalize(x, i -> i / group, i -> i / place % sample.axis(0), norm.epsilon());
  }

  private Values batchNorm(BatchNorm norm, Values x) {
    int place = x.shape().size() / x.shape().axis(0) / x.shape().axis(1);
    int channels = x.shape().axis(1);
    if (mode == Mode.TRAINING || !norm.statistics()) {
      return normalize(x, i -> i / place % channels, i -> i / place % channels, norm.epsilon());
    }
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < x.shape().size(); i++) {
      int channel = i / place % channels;
      y.add(
          scaled(
              x.all().get(i),
              parameters.get(name + "runningMean").at(channel),
              parameters.get(name + "runningVariance").at(channel),
              norm.epsilon(),
              channel));
    }
    return new Values(x.shape(), y);
  }

  /** Returns how many elements the last axes of a sample have; all of them for 0. */
  private static int last(Shape sample, int axes) {
    int size = 1;
    for (int axis = axes == 0 ? 0 : sample.rank() - axes; axis < sample.rank(); axis++) {
      size *= sample.axis(axis);
    }
    return size;
  }

  private Values rmsNorm(RmsNorm norm, int size, Values x) {
    List<Node> y = new ArrayList<>();
    for (int row = 0; row < x.shape().size(); row += size) {
      List<Node> members = x.all().subList(row, row + size);
      Node square = tape.dividedBy(tape.dot(members, members), tape.number(size));
      Node root = tape.sqrt(tape.plus(square, tape.number(norm.epsilon())));
      for (int i = 0; i < size; i++) {
        y.add(affine(tape.dividedBy(members.get(i), root), i));
      }
    }
    return new Values(x.shape(), y);
  }

  /** Which group, or which parameter, a value belongs to. */
  private interface Place {
    int of(int index);
  }

  private Values normalize(Values x, Place group, Place parameter, double epsilon) {
    Map<Integer, List<Node>> groups = new LinkedHashMap<>();
    for (int i = 0; i < x.shape().size(); i++) {
      groups.computeIfAbsent(group.of(i), any -> new ArrayList<>()).add(x.all().get(i));
    }
    Map<Integer, Node> means = new LinkedHashMap<>();
    Map<Integer, Node> variances = new LinkedHashMap<>();
    groups.forEach(
        (key, members) -> {
          Node mean = tape.mean(members);
          List<Node> squares = new ArrayList<>();
          for (Node member : members) {
            Node deviation = tape.minus(member, mean);
            squares.add(tape.times(deviation, deviation));
          }
          means.put(key, mean);
          variances.put(key, tape.mean(squares));
        });
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < x.shape().size(); i++) {
      int key = group.of(i);
      y.add(scaled(x.all().get(i), means.get(key), variances.get(key), epsilon, parameter.of(i)));
    }
    return new Values(x.shape(), y);
  }

  /** Returns (x - mean) / sqrt(variance + epsilon), scaled and shifted. */
  private Node scaled(Node x, Node mean, Node variance, double epsilon, int parameter) {
    Node deviation = tape.sqrt(tape.plus(variance, tape.number(epsilon)));
    return affine(tape.dividedBy(tape.minus(x, mean), deviation), parameter);
  }

  /** Returns gamma * normalized + beta, where there are such. */
  private Node affine(Node normalized, int parameter) {
    Node y = normalized;
    if (parameters.containsKey(name + "gamma")) {
      y = tape.times(parameters.get(name + "gamma").all().get(parameter), y);
    }
    if (parameters.containsKey(name + "beta")) {
      y = tape.plus(y, parameters.get(name + "beta").all().get(parameter));
    }
    return y;
  }
}
