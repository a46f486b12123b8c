package org.allclose.parity.diagnosis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.allclose.internal.axes.Axes;
import org.allclose.layer.Layer;
import org.allclose.layer.Mode;
import org.allclose.layer.norm.BatchNorm;
import org.allclose.layer.norm.GroupNorm;
import org.allclose.layer.norm.InstanceNorm;
import org.allclose.layer.norm.LayerNorm;
import org.allclose.parity.recording.Difference;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/** Mistakes with the epsilon and the variance of normalizations. */
final class NormalizationFaults {

  /** What the setting is called that is added to a variance. */
  private static final String EPSILON = "epsilon";

  /** What frameworks and papers use, PyTorch's and Keras's defaults among them. */
  private static final double[] EPSILONS = {
    1e-5, 1e-3, 1e-6, 1e-8, 1e-7, 1e-12, 1e-4, 1e-2, 1e-10, 1e-1, 1e-9, 1e-11
  };

  /** Where else an epsilon is searched: its decimal logarithm. */
  private static final double LEAST = -14;

  private static final double MOST = 1;
  private static final double STEP = 0.5;
  private static final int TRIALS = 100;

  private NormalizationFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    Layer layer = suspect.layer();
    if (layer.type().plain(layer, EPSILON).isEmpty()) {
      return Stream.empty();
    }
    Stream<Candidate> known = Arrays.stream(EPSILONS).boxed().flatMap(e -> epsilon(suspect, 0, e));
    return Stream.of(known, variance(suspect), mode(suspect), found(suspect))
        .flatMap(candidates -> candidates);
  }

  private static Stream<Candidate> epsilon(Suspect suspect, int fitted, double epsilon) {
    double own = epsilon(suspect.layer());
    return epsilon == own
        ? Stream.empty()
        : Stream.of(
            new Candidate(
                "another epsilon: the recording has "
                    + Fit.text(epsilon)
                    + ", the network "
                    + Fit.text(own),
                fitted,
                () -> suspect.with(withEpsilon(suspect.layer(), epsilon))));
  }

  /** Searches the epsilon that comes nearest, where the layer's own output was recorded. */
  private static Stream<Candidate> found(Suspect suspect) {
    return suspect.isDirect() && suspect.expected().shape().equals(suspect.actual().shape())
        ? Stream.of(suspect).flatMap(NormalizationFaults::searched)
        : Stream.empty();
  }

  private static Stream<Candidate> searched(Suspect suspect) {
    double start =
        DoubleStream.iterate(LEAST, exponent -> exponent <= MOST, exponent -> exponent + STEP)
            .boxed()
            .min((a, b) -> Double.compare(error(suspect, a), error(suspect, b)))
            .orElseThrow();
    double exponent =
        new BrentOptimizer(1e-12, 1e-12)
            .optimize(
                GoalType.MINIMIZE,
                new MaxEval(TRIALS),
                new UnivariateObjectiveFunction(trial -> error(suspect, trial)),
                new SearchInterval(start - STEP, start + STEP, start))
            .getPoint();
    double epsilon = Math.pow(10, exponent);
    return Stream.concat(
        Fit.meant(epsilon).stream().flatMap(meant -> epsilon(suspect, 0, meant)),
        epsilon(suspect, 1, epsilon));
  }

  /** Returns how far an epsilon of the given decimal logarithm leaves the recording. */
  private static double error(Suspect suspect, double exponent) {
    Layer layer = withEpsilon(suspect.layer(), Math.pow(10, exponent));
    return Difference.between(suspect.expected(), suspect.with(layer)).absolute();
  }

  /**
   * The unbiased variance r * v, r = n / (n - 1), by {@code sqrt(r * v + epsilon) = sqrt(r) *
   * sqrt(v + epsilon / r)}.
   */
  private static Stream<Candidate> variance(Suspect suspect) {
    double n = normalized(suspect);
    if (n < 2 || !hasGamma(suspect)) {
      return Stream.empty();
    }
    double ratio = n / (n - 1);
    Layer layer = withEpsilon(suspect.layer(), epsilon(suspect.layer()) / ratio);
    return Stream.of(
        Candidate.of(
            "biased variance: the recording divides by n - 1, the network by n = " + (long) n,
            () -> {
              Tensor gamma = Axes.scaled(suspect.parameter("gamma"), 1 / Math.sqrt(ratio));
              return suspect.with(layer, "gamma", gamma);
            }));
  }

  private static Stream<Candidate> mode(Suspect suspect) {
    if (!(suspect.layer() instanceof BatchNorm norm) || !norm.statistics()) {
      return Stream.empty();
    }
    boolean training = suspect.recorded().mode() == Mode.TRAINING;
    return Stream.of(
        Candidate.of(
            "another mode: the recording normalizes with the "
                + (training ? "running" : "batch's")
                + " mean and variance",
            () -> suspect.in(training ? Mode.INFERENCE : Mode.TRAINING)));
  }

  /** Returns how many values a variance is of; 0 if there is none, or not of this batch. */
  private static double normalized(Suspect suspect) {
    Layer layer = suspect.layer();
    Shape sample = suspect.place().input();
    if (layer instanceof BatchNorm norm) {
      return suspect.recorded().mode() == Mode.TRAINING || !norm.statistics()
          ? (double) suspect.input().size() / sample.axis(0)
          : 0;
    } else if (layer instanceof GroupNorm norm) {
      return (double) sample.size() / norm.groups();
    } else if (layer instanceof InstanceNorm) {
      return (double) sample.size() / sample.axis(0);
    } else if (layer instanceof LayerNorm norm) {
      return norm.parameters(sample).stream()
          .findFirst()
          .map(gamma -> gamma.shape().size())
          .orElse(0);
    }
    return 0;
  }

  private static boolean hasGamma(Suspect suspect) {
    return suspect.layer().parameters(List.of(suspect.place().input())).stream()
        .anyMatch(parameter -> parameter.name().equals("gamma"));
  }

  private static double epsilon(Layer layer) {
    return (double) layer.type().plain(layer, EPSILON).orElseThrow();
  }

  private static Layer withEpsilon(Layer layer, double epsilon) {
    return layer.type().with(layer, EPSILON, epsilon);
  }
}
