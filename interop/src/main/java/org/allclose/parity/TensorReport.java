package org.allclose.parity;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.tensor.Tensor;

/**
 * The comparison of one tensor with what was recorded.
 *
 * @param name the tensor's name in its case
 * @param match how near it had to be
 * @param expected the recorded tensor, not to be modified
 * @param actual Java's tensor, not to be modified
 * @param difference how far they are apart; empty if the shapes differ
 * @param matches the verdict
 */
public record TensorReport(
    String name,
    Match match,
    Tensor expected,
    Tensor actual,
    Optional<Difference> difference,
    boolean matches)
    implements Comparison {

  static TensorReport compare(String name, Expectation expectation, Tensor actual) {
    Tensor expected = expectation.value();
    Match match = expectation.match();
    if (!expected.shape().equals(actual.shape())) {
      return new TensorReport(name, match, expected, actual, Optional.empty(), false);
    }
    Difference difference = Difference.between(expected, actual);
    boolean matches = match.accepts(expected, actual, difference);
    return new TensorReport(name, match, expected, actual, Optional.of(difference), matches);
  }

  /** Returns one line: the tensor, its worst element, both values and the errors there. */
  @Override
  public String explain() {
    if (difference.isEmpty()) {
      return name + ": expected shape " + expected.shape() + " but got " + actual.shape();
    }
    Difference d = difference.get();
    if (d.worst() < 0) {
      return name + ": all " + d.elements() + " elements bit-equal";
    }
    return String.format(
        Locale.ROOT,
        "%s%s: expected %s but got %s (match %s; absolute error %.3g, relative %.3g, %s ulps, %s"
            + " normwise ulps; %d of %d elements bit-equal)",
        name,
        d.worstIndex(expected.shape()),
        d.expected(),
        d.actual(),
        match,
        d.absolute(),
        d.relative(),
        ReportTable.figure(d.elementUlps()),
        ReportTable.figure(d.normwiseUlps()),
        d.bitEqual(),
        d.elements());
  }

  @Override
  public String brief() {
    return difference
        .map(d -> ReportTable.figure(d.normwiseUlps()) + " normwise ulps")
        .orElse("shape " + actual.shape() + ", not " + expected.shape());
  }

  @Override
  public OptionalLong elements() {
    return OptionalLong.of(expected.size());
  }

  @Override
  public OptionalLong bitEqual() {
    return difference.map(d -> OptionalLong.of(d.bitEqual())).orElse(OptionalLong.empty());
  }

  @Override
  public Optional<TensorReport> numbers() {
    return Optional.of(this);
  }
}
