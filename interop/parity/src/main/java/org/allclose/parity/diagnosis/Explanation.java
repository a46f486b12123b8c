package org.allclose.parity.diagnosis;

import java.util.Optional;
import java.util.stream.Stream;
import org.allclose.parity.recording.Difference;
import org.allclose.tensor.Tensor;

/**
 * Chooses, among mistakes that may have been made, the one that explains best what was recorded.
 *
 * <p>A candidate explains if its result is as near to the recording as rounding leaves it, in the
 * precision of the recording, and takes away nearly all of the error that there was. Of those that
 * explain, the nearest is taken; of those that are as near as each other, the first.
 */
final class Explanation {

  /** What part of the error may be left. */
  private static final double LEFT = 1.0 / 32;

  /** Of the distance that rounding may leave, the part below which all candidates are as near. */
  private static final double AS_NEAR = 1.0 / 16;

  /** How many recorded numbers it takes to believe one that was fitted to them. */
  private static final int NUMBERS_A_FIT = 4;

  private final Tensor expected;
  private final double limit;
  private final double near;
  private Optional<String> best = Optional.empty();
  private double least = Double.POSITIVE_INFINITY;

  private Explanation(Tensor expected, Tensor actual) {
    this.expected = expected;
    double rounding = Precision.of(expected).rounding() * Difference.largestFinite(expected);
    double error =
        expected.shape().equals(actual.shape())
            ? Difference.between(expected, actual).absolute()
            : Double.POSITIVE_INFINITY;
    limit = Math.min(rounding, LEFT * error);
    near = Math.min(rounding * AS_NEAR, limit);
  }

  /**
   * Returns the text of the best candidate, if any explains.
   *
   * @param expected what was recorded
   * @param actual what Java gives
   * @param candidates those to prefer first; not tried further than needed
   */
  static Optional<String> best(Tensor expected, Tensor actual, Stream<Candidate> candidates) {
    return new Explanation(expected, actual).best(candidates);
  }

  private Optional<String> best(Stream<Candidate> candidates) {
    candidates.takeWhile(candidate -> least > near).forEach(this::consider);
    return best;
  }

  private void consider(Candidate candidate) {
    double distance = distance(candidate);
    if (distance <= limit && distance < least) {
      best = Optional.of(candidate.text());
      least = distance;
    }
  }

  private double distance(Candidate candidate) {
    if (NUMBERS_A_FIT * candidate.fitted() > expected.size()) {
      return Double.POSITIVE_INFINITY;
    }
    Tensor result = candidate.result().get();
    return expected.shape().equals(result.shape())
        ? Difference.between(expected, result).absolute()
        : Double.POSITIVE_INFINITY;
  }
}
