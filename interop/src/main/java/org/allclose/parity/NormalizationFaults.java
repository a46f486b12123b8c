package org.allclose.parity;

import java.util.Optional;
import org.allclose.jnpy.Decimal;
import org.allclose.layer.BatchNorm;
import org.allclose.layer.GroupNorm;
import org.allclose.layer.Layer;
import org.allclose.layer.LayerNorm;
import org.allclose.layer.Mode;
import org.allclose.parity.Diagnosis.Suspect;
import org.allclose.tensor.Tensor;
import org.allclose.weights.Axes;

/** Mistakes with the epsilon and the variance of normalizations. */
final class NormalizationFaults {

  /** What frameworks and papers use, PyTorch's and Keras's defaults among them. */
  private static final double[] EPSILONS = {
    1e-5, 1e-3, 1e-8, 1e-6, 1e-7, 1e-12, 1e-4, 1e-2, 1e-10, 1e-1
  };

  private NormalizationFaults() {}

  static Optional<String> of(Suspect suspect) {
    return epsilon(suspect).or(() -> variance(suspect)).or(() -> mode(suspect));
  }

  private static Optional<String> epsilon(Suspect suspect) {
    double own = epsilon(suspect.place().layer());
    for (double epsilon : EPSILONS) {
      if (epsilon != own
          && suspect.explains(suspect.with(withEpsilon(suspect.place().layer(), epsilon)))) {
        return Optional.of(
            "another epsilon: the recording has "
                + Decimal.of(epsilon)
                + ", the network "
                + Decimal.of(own));
      }
    }
    return Optional.empty();
  }

  /**
   * Tries the unbiased variance r * v, r = n / (n - 1), by {@code sqrt(r * v + epsilon) = sqrt(r) *
   * sqrt(v + epsilon / r)}.
   */
  private static Optional<String> variance(Suspect suspect) {
    Layer layer = suspect.place().layer();
    double n = normalized(suspect);
    if (n < 2) {
      return Optional.empty();
    }
    double ratio = n / (n - 1);
    Tensor gamma = Axes.scaled(suspect.parameter("gamma"), 1 / Math.sqrt(ratio));
    Tensor unbiased =
        suspect.run(
            withEpsilon(layer, epsilon(layer) / ratio),
            Diagnosis.replaced(suspect.parameters(), suspect.place().name() + "/gamma", gamma));
    return suspect.explains(unbiased)
        ? Optional.of(
            "biased variance: the recording divides by n - 1, the network by n = " + (long) n)
        : Optional.empty();
  }

  private static Optional<String> mode(Suspect suspect) {
    if (!(suspect.place().layer() instanceof BatchNorm)) {
      return Optional.empty();
    }
    Mode mode = suspect.recorded().mode();
    Mode other = mode == Mode.TRAINING ? Mode.INFERENCE : Mode.TRAINING;
    Tensor result =
        LayerTrace.one(
                suspect.place(),
                suspect.place().layer(),
                suspect.parameters(),
                other,
                Optional.empty())
            .outputs(suspect.input())
            .values()
            .iterator()
            .next();
    return suspect.explains(result)
        ? Optional.of(
            other == Mode.TRAINING
                ? "another mode: the recording normalizes with the batch's mean and variance"
                : "another mode: the recording normalizes with the running mean and variance")
        : Optional.empty();
  }

  /** Returns how many values a variance is of; 0 if it is not of this batch. */
  private static double normalized(Suspect suspect) {
    Layer layer = suspect.place().layer();
    if (layer instanceof BatchNorm) {
      return suspect.recorded().mode() == Mode.TRAINING
          ? (double) suspect.input().size() / suspect.place().input().axis(0)
          : 0;
    }
    int sample = suspect.place().input().size();
    return layer instanceof GroupNorm group ? (double) sample / group.groups() : sample;
  }

  private static double epsilon(Layer layer) {
    if (layer instanceof BatchNorm norm) {
      return norm.epsilon();
    }
    return layer instanceof GroupNorm norm ? norm.epsilon() : ((LayerNorm) layer).epsilon();
  }

  private static Layer withEpsilon(Layer layer, double epsilon) {
    if (layer instanceof BatchNorm norm) {
      return norm.epsilon(epsilon);
    }
    return layer instanceof GroupNorm norm
        ? new GroupNorm(norm.groups(), epsilon)
        : new LayerNorm(epsilon);
  }
}
