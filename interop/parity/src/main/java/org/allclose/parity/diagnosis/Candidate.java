package org.allclose.parity.diagnosis;

import java.util.function.Supplier;
import org.allclose.tensor.Tensor;

/**
 * A mistake that may have been made, and what would have been recorded then.
 *
 * @param text the mistake, and what to do where that is short
 * @param fitted how many numbers were chosen so that the result comes near to the recording; they
 *     explain nothing where little more than they was recorded
 * @param result computes what the mistake gives; asked for when the candidate is tried
 */
record Candidate(String text, int fitted, Supplier<Tensor> result) {

  /** Returns a mistake in which nothing was fitted to the recording. */
  static Candidate of(String text, Supplier<Tensor> result) {
    return new Candidate(text, 0, result);
  }

  /** Returns the same mistake, told with its place. */
  Candidate in(String place) {
    return new Candidate(place + text, fitted, result);
  }
}
