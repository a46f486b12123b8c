package org.allclose.parity.recording;

import org.allclose.tensor.Tensor;

/**
 * What a tensor was in Python, and how near Java must come.
 *
 * @param value the recorded tensor; not to be modified
 * @param match how near an actual tensor must be
 * @param reason why the match is looser than exact; empty if nothing is said
 * @param format what it was recorded in
 */
public record Expectation(Tensor value, Match match, String reason, FloatFormat format) {

  /** What is expected of a tensor of float64. */
  public Expectation(Tensor value, Match match, String reason) {
    this(value, match, reason, FloatFormat.FLOAT64);
  }

  /** Returns the same tensor that must be as near as another match says. */
  Expectation withMatch(Match other) {
    return new Expectation(value, other, reason, format);
  }
}
