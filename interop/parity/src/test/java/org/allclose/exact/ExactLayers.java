package org.allclose.exact;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.allclose.layer.Graph;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.activation.Dropout;
import org.allclose.layer.activation.Dropout2d;
import org.allclose.layer.activation.Gelu;
import org.allclose.layer.activation.GeluTanh;
import org.allclose.layer.activation.Glu;
import org.allclose.layer.activation.LeakyRelu;
import org.allclose.layer.activation.LogSoftmax;
import org.allclose.layer.activation.Prelu;
import org.allclose.layer.activation.Relu;
import org.allclose.layer.activation.Sigmoid;
import org.allclose.layer.activation.Softmax;
import org.allclose.layer.activation.StochasticDepth;
import org.allclose.layer.activation.Tanh;
import org.allclose.layer.combine.Concat;
import org.allclose.layer.combine.Constant;
import org.allclose.layer.combine.Flatten;
import org.allclose.layer.combine.Parameter;
import org.allclose.layer.combine.Reshape;
import org.allclose.layer.dense.Dense;
import org.allclose.layer.image.Upsample2d;
import org.allclose.layer.sequence.Embedding;
import org.allclose.layer.sequence.Gru;
import org.allclose.layer.sequence.Lstm;
import org.allclose.layer.sequence.RecurrentLayer;
import org.allclose.layer.sequence.Rnn;
import org.allclose.random.NumpyRandomState;
import org.allclose.tensor.Extent2d;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/** Runs layers forward in exact arithmetic, each by its definition, an output at a time. */
final class ExactLayers {

  /** The layers that are defined here. */
  private static final Set<Class<?>> OWN =
      Set.of(
          Concat.class,
          Constant.class,
          Dense.class,
          Dropout.class,
          Dropout2d.class,
          Embedding.class,
          Gru.class,
          Lstm.class,
          Rnn.class,
          Flatten.class,
          Gelu.class,
          GeluTanh.class,
          Glu.class,
          LeakyRelu.class,
          LogSoftmax.class,
          Parameter.class,
          Prelu.class,
          Relu.class,
          Reshape.class,
          Sigmoid.class,
          Softmax.class,
          StochasticDepth.class,
          Tanh.class,
          Upsample2d.class);

  /** The layers that are known, here or by other definitions. */
  static final Set<Class<?>> KNOWN =
      Stream.of(
              OWN,
              ExactAttention.KNOWN,
              ExactConvolutions.KNOWN,
              ExactFunctions.KNOWN,
              ExactMovement.KNOWN,
              ExactNorms.KNOWN,
              ExactPixels.KNOWN,
              ExactPools.KNOWN,
              ExactPositions.KNOWN,
              ExactReductions.KNOWN)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final Tape tape;
  private final ExactPixels pixels;
  private final ExactPools pools;
  private final ExactFunctions functions;
  private final Mode mode;
  private final NumpyRandomState random;
  private final ExactMovement movement;
  private final ExactAttention attention;
  private final ExactReductions reductions;
  private final Map<String, Values> parameters = new LinkedHashMap<>();
  private int batch;

  ExactLayers(Tape tape, Map<String, Tensor> parameters, Mode mode, int seed) {
    this.tape = tape;
    pixels = new ExactPixels(tape);
    pools = new ExactPools(tape);
    functions = new ExactFunctions(tape);
    this.mode = mode;
    random = NumpyRandomState.seed(seed);
    movement = new ExactMovement(tape, this);
    attention = new ExactAttention(tape, this);
    reductions = new ExactReductions(tape);
    parameters.forEach((name, value) -> this.parameters.put(name, Values.of(tape, value)));
  }

  static boolean knows(org.allclose.layer.Node node) {
    return KNOWN.contains(node.layer().getClass());
  }

  Map<String, Values> parameters() {
    return parameters;
  }

  /** Runs all layers; returns what each gives, inputs included, by name. */
  Map<String, Values> run(Graph graph, Map<String, Values> inputs) {
    Map<String, Values> values = new LinkedHashMap<>(inputs);
    batch = inputs.values().iterator().next().shape().axis(0);
    for (org.allclose.layer.Node node : graph.nodes()) {
      List<Values> given = node.inputs().stream().map(values::get).toList();
      boolean moves = ExactMovement.KNOWN.contains(node.layer().getClass());
      if (moves || ExactAttention.KNOWN.contains(node.layer().getClass())) {
        Shape out = node.output().prepend(given.get(0).shape().axis(0));
        String prefix = node.name() + "/";
        values.put(
            node.name(),
            moves
                ? movement.run(node.layer(), prefix, out, given)
                : attention.run(node.layer(), prefix, out, given));
        continue;
      }
      if (ExactReductions.KNOWN.contains(node.layer().getClass())) {
        values.put(node.name(), reductions.run(node.layer(), node.output().prepend(batch), given));
        continue;
      }
      if (node.layer() instanceof RecurrentLayer layer) {
        values.put(
            node.name(),
            new ExactRecurrent(tape, layer, name -> parameters.get(node.name() + "/" + name))
                .run(given));
        continue;
      }
      Values y =
          switch (given.size()) {
            case 0 -> source(node);
            case 1 -> run(node.layer(), node.name() + "/", node.output(), given.get(0));
            default -> combine(node.layer(), node.output(), given);
          };
      values.put(node.name(), y);
    }
    return values;
  }

  /** Returns a layer's only parameter, for each sample. */
  private Values source(org.allclose.layer.Node node) {
    Values parameter = parameters.get(node.parameters().get(0).name());
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      y.addAll(parameter.all());
    }
    return new Values(node.output().prepend(batch), y);
  }

  private static Values combine(Layer layer, Shape sample, List<Values> given) {
    if (layer instanceof Concat concat) {
      return concat(concat.axis() + 1, sample.prepend(given.get(0).shape().axis(0)), given);
    }
    throw new IllegalArgumentException("expected a known layer but got " + layer);
  }

  private static Values concat(int axis, Shape out, List<Values> given) {
    List<Node> y = new ArrayList<>();
    for (int[] at : indices(out)) {
      int part = 0;
      while (at[axis] >= given.get(part).shape().axis(axis)) {
        at[axis] -= given.get(part).shape().axis(axis);
        part++;
      }
      y.add(given.get(part).at(at));
    }
    return new Values(out, y);
  }

  private Values run(Layer layer, String name, Shape sample, Values x) {
    Shape out = sample.prepend(x.shape().axis(0));
    if (layer instanceof Dense dense) {
      return dense(dense, name, x, out);
    } else if (ExactConvolutions.KNOWN.contains(layer.getClass())) {
      return new ExactConvolutions(tape, parameters, name).run(layer, x, out);
    } else if (ExactPools.KNOWN.contains(layer.getClass())) {
      return pools.run(layer, x, out);
    } else if (ExactPositions.KNOWN.contains(layer.getClass())) {
      return new ExactPositions(tape).run(layer, parameters, name, x);
    } else if (ExactPixels.KNOWN.contains(layer.getClass())) {
      return pixels.run(layer, x, out);
    } else if (ExactNorms.KNOWN.contains(layer.getClass())) {
      return new ExactNorms(tape, parameters, name, mode).run(layer, sample, x);
    } else if (layer instanceof Dropout dropout) {
      dropout.seed().ifPresent(random::setSeed);
      return mode == Mode.TRAINING ? x.map(v -> drop(v, dropout.keep())) : x;
    } else if (layer instanceof Flatten || layer instanceof Reshape) {
      return x.reshape(out);
    } else if (layer instanceof Upsample2d upsample) {
      return upsample(upsample.factor(), x, out);
    } else if (layer instanceof Softmax softmax) {
      return ExactReductions.alongAxis(softmax.axis(), x, this::softmax);
    } else if (layer instanceof LogSoftmax softmax) {
      return ExactReductions.alongAxis(softmax.axis(), x, rows -> softmax(rows).map(tape::log));
    } else if (layer instanceof Embedding embedding) {
      return lookUp(embedding, parameters.get(name + "W"), x, out);
    } else if (layer instanceof Prelu) {
      return prelu(parameters.get(name + "alpha"), x);
    } else if (layer instanceof Dropout2d dropout) {
      return dropGroups(dropout.keep(), x, sample.size() / sample.axis(0));
    } else if (layer instanceof StochasticDepth depth) {
      return dropGroups(depth.keep(), x, sample.size());
    } else if (layer instanceof Glu glu) {
      return glu(glu.axis(), x, out);
    }
    return x.map(activation(layer));
  }

  private UnaryOperator<Node> activation(Layer layer) {
    Optional<UnaryOperator<Node>> function = functions.of(layer);
    if (function.isPresent()) {
      return function.get();
    } else if (layer instanceof Relu) {
      return v -> positive(v) ? v : tape.times(0, v);
    } else if (layer instanceof LeakyRelu leaky) {
      return v -> positive(v) ? v : tape.times(leaky.alpha(), v);
    } else if (layer instanceof Sigmoid) {
      return functions::sigmoid;
    } else if (layer instanceof Tanh) {
      return functions::tanh;
    } else if (layer instanceof Gelu) {
      return v -> halved(v, tape.erf(tape.dividedBy(v, tape.sqrt(tape.number(2)))));
    } else if (layer instanceof GeluTanh) {
      return this::geluTanh;
    }
    throw new IllegalArgumentException("expected a known layer but got " + layer);
  }

  /** Returns log(1 + exp(v)). */
  Node softplus(Node v) {
    return functions.softplus(v);
  }

  /** Returns 0.5 v (1 + tanh(sqrt(2 / pi) (v + 0.044715 v^3))), the constant being the double. */
  private Node geluTanh(Node v) {
    Node cubic = tape.times(0.044715, tape.times(v, tape.times(v, v)));
    Node pi = new Node(tape.exact(1).getField().getPi(), List.of(), List.of());
    Node factor = tape.sqrt(tape.dividedBy(tape.number(2), pi));
    return halved(v, functions.tanh(tape.times(factor, tape.plus(v, cubic))));
  }

  private Node halved(Node v, Node function) {
    return tape.times(tape.times(0.5, v), tape.plus(tape.number(1), function));
  }

  /** Multiplies by the slope of each channel, or of all, what is not positive. */
  private Values prelu(Values alpha, Values x) {
    int channels = x.shape().axis(1);
    int places = x.shape().size() / x.shape().axis(0) / channels;
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < x.shape().size(); i++) {
      Node v = x.all().get(i);
      Node slope = alpha.all().get(i / places % channels % alpha.shape().size());
      y.add(positive(v) ? v : tape.times(slope, v));
    }
    return new Values(x.shape(), y);
  }

  /** Draws once for so many elements side by side. */
  private Values dropGroups(double keep, Values x, int length) {
    if (mode != Mode.TRAINING) {
      return x;
    }
    List<Node> y = new ArrayList<>();
    boolean kept = false;
    for (int i = 0; i < x.shape().size(); i++) {
      kept = i % length == 0 ? random.random() < keep : kept;
      y.add(
          kept ? tape.dividedBy(x.all().get(i), tape.number(keep)) : tape.times(0, x.all().get(i)));
    }
    return new Values(x.shape(), y);
  }

  private Values glu(int axis, Values x, Shape out) {
    int halved = axis < 0 ? out.rank() + axis : axis + 1;
    List<Node> y = new ArrayList<>();
    for (int[] at : indices(out)) {
      Node a = x.at(at);
      at[halved] += out.axis(halved);
      y.add(tape.times(a, functions.sigmoid(x.at(at))));
    }
    return new Values(out, y);
  }

  /** Drops a value, in training mode and if not all are kept. */
  Node dropIfAny(Node v, double keep) {
    return mode == Mode.TRAINING && keep < 1 ? drop(v, keep) : v;
  }

  private Node drop(Node v, double keep) {
    boolean kept = random.random() < keep;
    return kept ? tape.dividedBy(v, tape.number(keep)) : tape.times(0, v);
  }

  /** Returns the softmax of each row. */
  Values softmax(Values x) {
    int width = x.shape().axis(1);
    List<Node> y = new ArrayList<>();
    for (int row = 0; row < x.shape().axis(0); row++) {
      List<Node> terms =
          x.all().subList(row * width, (row + 1) * width).stream().map(tape::exp).toList();
      Node total = tape.sum(terms);
      terms.forEach(term -> y.add(tape.dividedBy(term, total)));
    }
    return new Values(x.shape(), y);
  }

  private Values dense(Dense dense, String name, Values x, Shape out) {
    Values w = ExactWeights.of(tape, parameters, name, 1);
    int inputs = w.shape().axis(0);
    int units = w.shape().axis(1);
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < out.size() / units; i++) {
      for (int j = 0; j < units; j++) {
        List<Node> column = new ArrayList<>();
        for (int k = 0; k < inputs; k++) {
          column.add(w.at(k, j));
        }
        Node product = tape.dot(x.all().subList(i * inputs, (i + 1) * inputs), column);
        y.add(dense.bias() ? tape.plus(product, parameters.get(name + "b").at(j)) : product);
      }
    }
    return new Values(out, y);
  }

  private static Values upsample(Extent2d factor, Values x, Shape out) {
    List<Node> y = new ArrayList<>();
    for (int[] at : indices(out)) {
      y.add(x.at(at[0], at[1], at[2] / factor.height(), at[3] / factor.width()));
    }
    return new Values(out, y);
  }

  private static Values lookUp(Embedding embedding, Values w, Values x, Shape out) {
    List<Node> y = new ArrayList<>();
    for (Node token : x.all()) {
      int row = token.value().intValue();
      boolean trained = !embedding.padding().equals(Optional.of((long) row));
      for (int j = 0; j < embedding.features(); j++) {
        Node value = w.at(row, j);
        y.add(trained ? value : new Node(value.value(), List.of(), List.of()));
      }
    }
    return new Values(out, y);
  }

  /** Returns a function of the values of two arrays, place by place. */
  static Values combine(Values a, Values b, BiFunction<Node, Node, Node> function) {
    List<Node> y = new ArrayList<>();
    for (int i = 0; i < a.shape().size(); i++) {
      y.add(function.apply(a.all().get(i), b.all().get(i)));
    }
    return new Values(a.shape(), y);
  }

  static boolean positive(Node v) {
    return v.value().greaterThan(v.value().getZero());
  }

  /** Returns every index of a shape in C order. */
  static List<int[]> indices(Shape shape) {
    List<int[]> all = new ArrayList<>();
    int[] axes = shape.toArray();
    for (int i = 0; i < shape.size(); i++) {
      int[] index = new int[axes.length];
      int rest = i;
      for (int axis = axes.length - 1; axis >= 0; axis--) {
        index[axis] = rest % axes[axis];
        rest /= axes[axis];
      }
      all.add(index);
    }
    return all;
  }
}
