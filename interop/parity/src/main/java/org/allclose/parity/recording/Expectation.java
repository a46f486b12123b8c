package org.allclose.parity.recording;

import java.util.Optional;
import org.allclose.tensor.Shape;
import org.allclose.tensor.Tensor;

/**
 * What a tensor was in Python, and how near Java must come.
 *
 * @param value the recorded elements: the tensor, or some places of it; not to be modified
 * @param match how near an actual tensor must be
 * @param reason why the match is looser than exact; empty if nothing is said
 * @param format what it was recorded in
 * @param sampling which elements were recorded, if not all
 */
public record Expectation(
    Tensor value, Match match, String reason, FloatFormat format, Optional<Sampling> sampling) {

  /** What is expected of a tensor all of whose elements were recorded. */
  public Expectation(Tensor value, Match match, String reason, FloatFormat format) {
    this(value, match, reason, format, Optional.empty());
  }

  /** What is expected of a tensor of float64. */
  public Expectation(Tensor value, Match match, String reason) {
    this(value, match, reason, FloatFormat.FLOAT64);
  }

  /** Returns the shape of the whole tensor. */
  public Shape shape() {
    return sampling.map(Sampling::shape).orElse(value.shape());
  }

  /** Returns the elements of another tensor of this shape that are compared: all, or some. */
  public Tensor elements(Tensor whole) {
    return sampling.map(some -> some.of(whole)).orElse(whole);
  }

  /**
   * Returns the index of a recorded element on each axis of the whole tensor, as Python prints it.
   */
  public String index(int element) {
    return Difference.index(shape(), sampling.map(some -> some.place(element)).orElse(element));
  }

  /** Returns the same tensor that must be as near as another match says. */
  Expectation withMatch(Match other) {
    return new Expectation(value, other, reason, format, sampling);
  }
}
