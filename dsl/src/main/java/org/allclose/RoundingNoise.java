package org.allclose;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.allclose.internal.kernel.reduce.Sums;
import org.allclose.layer.ChainPass;
import org.allclose.layer.LayerContext;
import org.allclose.layer.ParameterSpec;
import org.allclose.layer.ParameterSpec.Role;
import org.allclose.layer.RoundingErrors;
import org.allclose.layer.RoundingErrors.Kind;
import org.allclose.layer.RoundingErrors.Result;
import org.allclose.loss.Loss;
import org.allclose.loss.Targets;
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
    return new Runs(network, x).measure(Optional.of(targets), Optional.empty());
  }

  /**
   * Measures {@link Network#backward(Tensor, Tensor)}.
   *
   * @param x shape (n, ...); not modified
   * @param upstream the gradient of the scores; not modified
   * @throws org.allclose.tensor.ShapeMismatchException if x does not fit
   */
  public static RoundingNoise ofBackward(Network network, Tensor x, Tensor upstream) {
    return new Runs(network, x).measure(Optional.empty(), Optional.of(upstream));
  }

  /**
   * Measures scores and outputs of layers alone.
   *
   * @param x shape (n, ...); not modified
   * @throws org.allclose.tensor.ShapeMismatchException if x does not fit
   */
  public static RoundingNoise ofOutputs(Network network, Tensor x) {
    return new Runs(network, x).measure(Optional.empty(), Optional.empty());
  }

  /** Returns the noise of a layer's output. */
  public Tensor output(String layer) {
    return find(Kind.OUTPUT, layer);
  }

  /** Returns the noise of the gradient of a layer's input. */
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
    private final Tensor x;
    private final RoundingErrors errors = new RoundingErrors(SEED);
    private final LayerContext binding;
    private final ChainPass pass;
    private final Map<Result, Tensor> first = new LinkedHashMap<>();
    private final Map<Result, Tensor> squares = new LinkedHashMap<>();
    private Tensor lossGradientTerms = Tensor.zeros(0);
    private double lossTerms;
    private double firstLoss;
    private double lossSquares;

    Runs(Network network, Tensor x) {
      spec = network.spec();
      parameters = network.parameters();
      this.x = x;
      binding = network.binding(spec.batchSize(x)).withErrors(errors);
      pass = spec.chain().pass(binding, false);
    }

    RoundingNoise measure(Optional<Targets> targets, Optional<Tensor> upstream) {
      for (int run = 0; run <= RUNS; run++) {
        Map<String, Tensor> outputs = pass.outputs(x);
        outputs.forEach((layer, output) -> add(Kind.OUTPUT, layer, output));
        binding.updates().forEach((name, value) -> add(Kind.STATISTIC, name, value));
        Tensor scores = x;
        for (Tensor output : outputs.values()) {
          scores = output;
        }
        Tensor last = scores;
        targets
            .map(values -> lossGradient(last, values))
            .or(() -> upstream)
            .ifPresent(this::backward);
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
          penalty += 0.5 * spec.l2() * Sums.ofSquares(weights.unwrap(), weights.size());
        }
      }
      return penalty;
    }

    private void backward(Tensor gradient) {
      pass.inputGradients(gradient).forEach((layer, dx) -> add(Kind.INPUT_GRADIENT, layer, dx));
      binding.gradients().forEach((name, value) -> add(Kind.GRADIENT, name, value));
    }

    private Tensor lossGradient(Tensor scores, Targets targets) {
      Loss loss =
          spec.loss()
              .orElseThrow(
                  () -> new IllegalStateException("loss: expected a network with a loss: " + spec));
      Tensor gradient = Tensor.zeros(scores.shape());
      double value = loss.evaluate(scores, targets, gradient);
      if (lossGradientTerms.size() == 0) {
        lossGradientTerms = Tensor.zeros(scores.shape());
        lossTerms = loss.terms(scores, targets, lossGradientTerms);
        firstLoss = value;
      } else {
        errors.addTo(gradient, lossGradientTerms);
        lossSquares += (value - firstLoss) * (value - firstLoss);
      }
      return gradient;
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
      double[] sums = squares.get(result).unwrap();
      for (int i = 0; i < sums.length; i++) {
        double distance = value.unwrap()[i] - reference.unwrap()[i];
        sums[i] += distance * distance;
      }
    }

    private Map<Result, Tensor> noise(double l2) {
      Map<Result, Tensor> noise = new LinkedHashMap<>();
      squares.forEach(
          (result, sums) -> {
            Tensor terms = errors.terms().get(result);
            Tensor larger = Tensor.zeros(sums.shape());
            for (int i = 0; i < sums.size(); i++) {
              larger.unwrap()[i] = Math.max(terms.unwrap()[i], size(sums.unwrap()[i]));
            }
            noise.put(result, larger);
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
