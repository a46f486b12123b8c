package org.allclose.parity;

import java.util.Optional;
import org.allclose.jnpy.Decimal;
import org.allclose.layer.Dropout;
import org.allclose.layer.Mode;
import org.allclose.parity.Diagnosis.Suspect;
import org.allclose.tensor.Tensor;

/**
 * Mistakes with dropout: told by what kept elements were multiplied with, so that the mask need not
 * be known.
 */
final class DropoutFaults {
  private static final double NEAR = 1e-6;

  private DropoutFaults() {}

  static Optional<String> of(Dropout dropout, Suspect suspect) {
    if (suspect.explains(suspect.input())) {
      return Optional.of("another mode: the recording does not drop anything");
    }
    Optional<Double> factor = factor(suspect.input(), suspect.expected());
    if (factor.isEmpty()) {
      return Optional.empty();
    }
    double keep = 1 / factor.get();
    if (suspect.recorded().mode() == Mode.INFERENCE) {
      return Optional.of("another mode: the recording multiplies by " + figure(factor.get()));
    }
    if (isNear(keep, dropout.keep())) {
      return Optional.of("another mask: the recording draws other random numbers");
    }
    return Optional.of(
        isNear(keep, 1 - dropout.keep())
            ? "the probabilities to keep and to drop are confused: the recording keeps with "
                + figure(keep)
                + ", the network with "
                + figure(dropout.keep())
            : "another probability: the recording keeps with "
                + figure(keep)
                + ", the network with "
                + figure(dropout.keep()));
  }

  /** Returns what all elements that are not 0 were multiplied with, if it is one number. */
  private static Optional<Double> factor(Tensor before, Tensor after) {
    double factor = 0;
    for (int i = 0; i < before.size(); i++) {
      double b = before.unwrap()[i];
      double a = after.unwrap()[i];
      if (a == 0 || b == 0) {
        continue;
      }
      if (factor == 0) {
        factor = a / b;
      }
      if (!isNear(a / b, factor)) {
        return Optional.empty();
      }
    }
    return factor > 0 ? Optional.of(factor) : Optional.empty();
  }

  private static boolean isNear(double a, double b) {
    return Math.abs(a - b) <= NEAR * Math.abs(b);
  }

  private static String figure(double value) {
    return Decimal.format("%.4g", value).replaceFirst("0+$", "");
  }
}
