package org.allclose.parity.diagnosis;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.allclose.layer.Mode;
import org.allclose.layer.activation.Dropout;
import org.allclose.tensor.Tensor;

/**
 * Mistakes with dropout: told by what kept elements were multiplied with, so that the mask need not
 * be known.
 */
final class DropoutFaults {

  /** How near to each other probabilities are the same. */
  private static final double NEAR = 1e-6;

  private DropoutFaults() {}

  static Stream<Candidate> of(Suspect suspect) {
    if (!(suspect.layer() instanceof Dropout dropout)) {
      return Stream.empty();
    }
    return Stream.concat(
        Stream.of(
            Candidate.of(
                "another mode: the recording does not drop anything",
                () -> suspect.withOutput(suspect.input()))),
        suspect.isDirect() ? factor(suspect, dropout.keep()) : Stream.empty());
  }

  /** The factor of the first element that was kept, which must be that of all. */
  private static Stream<Candidate> factor(Suspect suspect, double own) {
    double[] before = suspect.input().unwrap();
    double[] after = suspect.expected().unwrap();
    if (before.length != after.length) {
      return Stream.empty();
    }
    return IntStream.range(0, before.length)
        .filter(i -> before[i] != 0 && after[i] != 0)
        .mapToDouble(i -> after[i] / before[i])
        .limit(1)
        .mapToObj(
            factor ->
                new Candidate(
                    text(suspect.recorded().mode(), factor, own),
                    1,
                    () -> multiplied(suspect.input(), suspect.expected(), factor)));
  }

  private static String text(Mode mode, double factor, double own) {
    double keep = 1 / factor;
    if (mode == Mode.INFERENCE) {
      return "another mode: the recording multiplies by " + Fit.text(meant(factor));
    }
    if (isNear(keep, own)) {
      return "another mask: the recording draws other random numbers";
    }
    return (isNear(keep, 1 - own)
            ? "the probabilities to keep and to drop are confused"
            : "another probability")
        + ": the recording keeps with "
        + Fit.text(meant(keep))
        + ", the network with "
        + Fit.text(own);
  }

  /** Returns x times the factor where the recording has not dropped it. */
  private static Tensor multiplied(Tensor x, Tensor kept, double factor) {
    Tensor result = Tensor.zeros(x.shape());
    for (int i = 0; i < x.size(); i++) {
      result.unwrap()[i] = kept.unwrap()[i] == 0 ? 0 : factor * x.unwrap()[i];
    }
    return result;
  }

  private static double meant(double number) {
    return Fit.meant(number).orElse(number);
  }

  private static boolean isNear(double a, double b) {
    return Math.abs(a - b) <= NEAR * Math.abs(b);
  }
}
