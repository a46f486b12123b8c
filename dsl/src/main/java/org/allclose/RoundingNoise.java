package org.allclose;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.allclose.internal.ops.Ops;
import org.allclose.layer.Graph;
import org.allclose.layer.LayerContext;
import org.allclose.layer.Node;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.RoundingErrors.Kind;
import org.allclose.layer.RoundingErrors.Result;
import org.allclose.loss.Targets;
import org.allclose.loss.WeightedLoss;
import org.allclose.tensor.Tensor;

/**
 * How far the results of a network for one batch can be from those of another program that computes
 * the same, because each rounds in another order: for each element a size to be multiplied with the
 * unit roundoff, 2^-53 for float64.
 *
 * <p>It is the larger of two: the sum of the magnitudes of the terms that the element is computed
 * from ({@link org.allclose.layer.Terms}), and the root mean square of what becomes of such errors
 * in all layers on their way to it. The latter is measured: the batch is run {@value #RUNS} times
 * with artificial errors ({@link RoundingErrors}), so that what cancels, correlates or grows with
 * depth does so as in the network itself. Deterministic, and the same everywhere.
 */
public final class RoundingNoise {

  /** How many disturbed runs are made: few enough to be quick, and no element is missed by all. */
  public static final int RUNS = 16;

  private static final int SEED = 231;

  private final Map<Result, Tensor> noise;
  private final double loss;

  private RoundingNoise(Map<Result, Tensor> noise, double loss) {
    this.noise = noise;
    this.loss = loss;
  }

  /**
   * Measures {@link Network#evaluate(Tensor, Targets)}.
   *
   * @param x shape (n, ...); not modified
   * @throws IllegalArgumentException if x or targets do not fit
   * @throws IllegalStateException if the network has no loss
   */
  public static RoundingNoise ofEvaluation(Network network, Tensor x, Targets targets) {
    return ofEvaluation(network, network.spec().inputs(x), targets);
  }

  /**
   * Measures {@link Network#backward(Tensor, Tensor)}.
   *
   * @param x shape (n, ...); not modified
   * @param upstream the gradient of the scores; not modified
   * @throws org.allclose.tensor.ShapeMismatchException if x does not fit
   */
  public static RoundingNoise ofBackward(Network network, Tensor x, Tensor upstream) {
    return ofBackward(
        network, network.spec().inputs(x), Map.of(network.spec().outputs().get(0), upstream));
  }

  /**
   * Measures scores and outputs of layers alone.
   *
   * @param x shape (n, ...); not modified
   * @throws org.allclose.tensor.ShapeMismatchException if x does not fit
   */
  public static RoundingNoise ofOutputs(Network network, Tensor x) {
    return ofOutputs(network, network.spec().inputs(x));
  }

  /** Measures {@link Network#evaluate(Map, Targets)}. */
  public static RoundingNoise ofEvaluation(
      Network network, Map<String, Tensor> inputs, Targets targets) {
    return new Runs(network, inputs).measure(Optional.of(targets), Map.of());
  }

  /** Measures {@link Network#backward(Map, Map)}. */
  public static RoundingNoise ofBackward(
      Network network, Map<String, Tensor> inputs, Map<String, Tensor> upstream) {
    return new Runs(network, inputs).measure(Optional.empty(), upstream);
  }

  /** Measures outputs of layers alone, as {@link Network#outputs(Map)}. */
  public static RoundingNoise ofOutputs(Network network, Map<String, Tensor> inputs) {
    return new Runs(network, inputs).measure(Optional.empty(), Map.of());
  }

  /** Returns the noise of a layer's output. */
  public Tensor output(String layer) {
    return find(Kind.OUTPUT, layer);
  }

  /** Returns the noise of the gradient of an input of the network. */
  public Tensor networkInputGradient(String input) {
    return find(Kind.GRADIENT_SUM, input);
  }

  /**
   * Returns the noise of the gradient of a layer's input, {@code name[0]} and so on if it has
   * several.
   */
  public Tensor inputGradient(String layer) {
    return find(Kind.INPUT_GRADIENT, layer);
  }

  /** Returns the noise of the gradient of a parameter. */
  public Tensor gradient(String parameter) {
    return find(Kind.GRADIENT, parameter);
  }

  /** Returns the noise of what a running statistic becomes. */
  public Tensor statistic(String name) {
    return find(Kind.STATISTIC, name);
  }

  /** Returns the noise of the loss; 0 if there was none. */
  public double loss() {
    return loss;
  }

  private Tensor find(Kind kind, String name) {
    Tensor tensor = noise.get(new Result(kind, name));
    if (tensor == null) {
      throw new IllegalArgumentException(
          "rounding noise: expected one of "
              + noise.keySet().stream().filter(result -> result.kind() == kind).toList()
              + " but got "
              + new Result(kind, name));
    }
    return tensor;
  }

  /** The runs of one batch, the first without errors. */
  private static final class Runs {
    private final NetworkSpec spec;
    private final Parameters parameters;
    private final List<Tensor> inputs;
    private final RoundingErrors errors = new RoundingErrors(SEED);
    private final LayerContext context;
    private final GraphPass pass;
    private final Map<Result, Tensor> first = new LinkedHashMap<>();
    private final Map<Result, Tensor> squares = new LinkedHashMap<>();
    private final Map<String, Tensor> lossGradientTerms = new LinkedHashMap<>();
    private double lossTerms;
    private double firstLoss;
    private double lossSquares;

    Runs(Network network, Map<String, Tensor> batches) {
      spec = network.spec();
      parameters = network.parameters();
      context = network.context(spec.batchSize(batches));
      inputs = spec.inputs().stream().map(input -> batches.get(input.name())).toList();
      pass = network.disturbedPass(context, errors);
    }

    RoundingNoise measure(Optional<Targets> targets, Map<String, Tensor> upstream) {
      for (int run = 0; run <= RUNS; run++) {
        pass.forward(inputs);
        pass.outputs().forEach((layer, output) -> add(Kind.OUTPUT, layer, output));
        context.updates().forEach((name, value) -> add(Kind.STATISTIC, name, value));
        Map<String, Tensor> gradients = targets.map(this::lossGradients).orElse(upstream);
        if (!gradients.isEmpty()) {
          backward(gradients);
        }
        errors.disturb();
      }
      return new RoundingNoise(
          noise(targets.isPresent() ? spec.l2() : 0),
          Math.max(lossTerms, size(lossSquares)) + (targets.isPresent() ? penalty() : 0));
    }

    /** Returns the penalty on the loss, whose terms are all positive. */
    private double penalty() {
      double penalty = 0;
      for (ParameterSpec parameter : spec.parameters()) {
        if (parameter.role() == Role.WEIGHT) {
          Tensor weights = parameters.get(parameter.name());
          penalty += 0.5 * spec.l2() * Ops.of(weights.dtype()).sumOfSquares(weights);
        }
      }
      return penalty;
    }

    private void backward(Map<String, Tensor> upstream) {
      pass.backward(upstream);
      pass.inputGradients().forEach((place, dx) -> add(Kind.INPUT_GRADIENT, place, dx));
      context.gradients().forEach((name, value) -> add(Kind.GRADIENT, name, value));
      for (Graph.Input input : spec.inputs()) {
        if (!input.isTokens()) {
          Tensor gradient = pass.inputGradient(input);
          errors
              .terms()
              .computeIfAbsent(
                  new Result(Kind.GRADIENT_SUM, input.name()),
                  absent -> termsOfSingle(input).orElse(Tensor.zeros(gradient.shape())));
          add(Kind.GRADIENT_SUM, input.name(), gradient);
        }
      }
    }

    /** Returns the terms of the gradient of an input that one layer takes: then there is no sum. */
    private Optional<Tensor> termsOfSingle(Graph.Input input) {
      for (Node node : spec.layers()) {
        int place = node.inputs().indexOf(input.name());
        if (place >= 0) {
          String name = node.inputPlaces().get(place);
          return Optional.ofNullable(errors.terms().get(new Result(Kind.INPUT_GRADIENT, name)));
        }
      }
      return Optional.empty();
    }

    private Map<String, Tensor> lossGradients(Targets targets) {
      if (spec.losses().isEmpty()) {
        throw new IllegalStateException("loss: expected a network with a loss: " + spec);
      }
      boolean isFirst = lossGradientTerms.isEmpty();
      Map<String, Tensor> gradients = new LinkedHashMap<>();
      double value = 0;
      for (WeightedLoss term : spec.losses()) {
        Tensor scores = pass.value(term.output());
        Targets own = targets.of(term.output());
        Tensor gradient = Tensor.zeros(scores.shape());
        value += term.weight() * term.loss().evaluate(scores, own, gradient);
        scale(gradient, term.weight());
        if (isFirst) {
          Tensor terms = Tensor.zeros(scores.shape());
          lossTerms += Math.abs(term.weight()) * term.loss().terms(scores, own, terms);
          scale(terms, Math.abs(term.weight()));
          lossGradientTerms.put(term.output(), terms);
        } else {
          errors.addTo(gradient, Objects.requireNonNull(lossGradientTerms.get(term.output())));
        }
        gradients.put(term.output(), gradient);
      }
      if (isFirst) {
        firstLoss = value;
      } else {
        lossSquares += (value - firstLoss) * (value - firstLoss);
      }
      return gradients;
    }

    private static void scale(Tensor values, double factor) {
      Ops.of(values.dtype()).scale(values, factor, values);
    }

    /** Adds the squares of a result's distance from that of the first run. */
    private void add(Kind kind, String name, Tensor value) {
      Result result = new Result(kind, name);
      Tensor reference = first.get(result);
      if (reference == null) {
        first.put(result, value.copy());
        squares.put(result, Tensor.zeros(value.shape()));
        return;
      }
      double[] sums = Objects.requireNonNull(squares.get(result)).unwrap();
      for (int i = 0; i < sums.length; i++) {
        double distance = value.unwrap()[i] - reference.unwrap()[i];
        sums[i] += distance * distance;
      }
    }

    /** Returns the noise of each result; the sums of squares are used up. */
    private Map<Result, Tensor> noise(double l2) {
      Map<Result, Tensor> noise = new LinkedHashMap<>();
      squares.forEach(
          (result, sums) -> {
            // What no gradient reaches has no terms.
            Tensor terms = errors.terms().getOrDefault(result, Tensor.EMPTY);
            double[] larger = sums.unwrap(); // in place: large networks have many
            for (int i = 0; i < larger.length; i++) {
              double size = size(larger[i]);
              larger[i] = terms.size() == 0 ? size : Math.max(terms.unwrap()[i], size);
            }
            noise.put(result, sums);
          });
      for (ParameterSpec parameter : spec.parameters()) {
        Tensor gradient = noise.get(new Result(Kind.GRADIENT, parameter.name()));
        if (gradient != null && parameter.role() == Role.WEIGHT) {
          double[] weights = parameters.get(parameter.name()).unwrap();
          for (int i = 0; i < weights.length; i++) {
            gradient.unwrap()[i] += l2 * Math.abs(weights[i]);
          }
        }
      }
      return noise;
    }

    private static double size(double sumOfSquares) {
      return Math.sqrt(sumOfSquares / RUNS) / RoundingErrors.SIZE;
    }
  }
}
