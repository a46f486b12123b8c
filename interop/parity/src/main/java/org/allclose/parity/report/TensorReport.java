package org.allclose.parity.report;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.internal.text.Decimal;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.Expectation;
import org.allclose.parity.recording.Match;
import org.allclose.tensor.Tensor;

/**
 * The comparison of one tensor with what was recorded.
 *
 * @param name the tensor's name in its case
 * @param expectation what was recorded, and how near it had to be
 * @param actual the elements of Java's tensor that are compared, or, if the shapes differ, all of
 *     it; not to be modified
 * @param noise the size that rounding errors of each element are in proportion to, where the match
 *     wants to know
 * @param difference how far they are apart; empty if the shapes differ
 * @param whole what is wrong with the tensor as a whole, of which some elements are compared
 * @param matches the verdict
 */
public record TensorReport(
    String name,
    Expectation expectation,
    Tensor actual,
    Optional<Tensor> noise,
    Optional<Difference> difference,
    Optional<String> whole,
    boolean matches)
    implements Comparison {

  /** What stands before a layer's name in the report of its input's gradient. */
  public static final String INPUT_GRADIENT = "input gradient of ";

  /** Compares a tensor with what is expected of it, where nothing is known of rounding. */
  public static TensorReport compare(String name, Expectation expectation, Tensor actual) {
    return compare(name, expectation, actual, Optional.empty());
  }

  /**
   * Compares a tensor with what is expected of it.
   *
   * @param noise as of the report
   */
  public static TensorReport compare(
      String name, Expectation expectation, Tensor actual, Optional<Tensor> noise) {
    if (!expectation.shape().equals(actual.shape())) {
      return new TensorReport(
          name, expectation, actual, noise, Optional.empty(), Optional.empty(), false);
    }
    Tensor expected = expectation.value();
    Tensor compared = expectation.elements(actual);
    Optional<Tensor> sizes = noise.map(expectation::elements);
    Difference difference = Difference.between(expected, compared, expectation.format(), sizes);
    Optional<String> whole =
        expectation
            .sampling()
            .flatMap(some -> some.wrong(actual, expectation.match(), expectation.format(), noise));
    boolean matches =
        whole.isEmpty() && expectation.match().accepts(expected, compared, difference);
    return new TensorReport(
        name, expectation, compared, sizes, Optional.of(difference), whole, matches);
  }

  /** Returns the recorded elements, not to be modified. */
  public Tensor expected() {
    return expectation.value();
  }

  /** Returns how near it had to be. */
  @Override
  public Match match() {
    return expectation.match();
  }

  /**
   * Returns whether another tensor in place of Java's would match, as far as its elements tell that
   * were recorded.
   */
  public boolean accepts(Tensor other) {
    if (!expectation.shape().equals(other.shape())) {
      return false;
    }
    Tensor elements = expectation.elements(other);
    return match()
        .accepts(
            expected(),
            elements,
            Difference.between(expected(), elements, expectation.format(), noise));
  }

  /** Returns the index of the worst element, as Python prints a tuple of indices. */
  public String worstIndex() {
    return expectation.index(difference.orElseThrow().worst());
  }

  /** Returns whether an element differs by no more than the rounding errors that are allowed. */
  public boolean isRounding(int element) {
    double e = expected().unwrap()[element];
    double a = actual.unwrap()[element];
    double size = noise.map(known -> known.unwrap()[element]).orElse(0.0);
    return match() instanceof Match.Rounding rounding
        && Difference.roundings(e, a, size, expectation.format()) <= rounding.k();
  }

  /**
   * Returns how far another result is from Java's, in units of what the match allows.
   *
   * @throws IllegalStateException if the match is not one of rounding
   */
  public double shareOfLimit(Tensor other) {
    if (match() instanceof Match.Rounding rounding) {
      Difference moved =
          Difference.between(actual, expectation.elements(other), expectation.format(), noise);
      return moved.roundings().orElseThrow() / rounding.k();
    }
    throw new IllegalStateException(name + ": expected a match of rounding but got " + match());
  }

  /** Returns one line: the tensor, its worst element, both values and the errors there. */
  @Override
  public String explain() {
    if (difference.isEmpty()) {
      return name + ": expected shape " + expectation.shape() + " but got " + actual.shape();
    }
    if (whole.isPresent()) {
      return name + ": " + whole.get();
    }
    Difference d = difference.get();
    if (d.worst() < 0) {
      return name
          + ": all "
          + d.elements()
          + (expectation.sampling().isPresent() ? " recorded" : "")
          + " elements bit-equal";
    }
    return String.format(
        Locale.ROOT,
        "%s%s: expected %s but got %s (match %s; %sabsolute error %s, relative %s, %s %s, %s"
            + " normwise %s; %d of %d elements bit-equal)%s",
        name,
        worstIndex(),
        Decimal.of(d.expected()),
        Decimal.of(d.actual()),
        match(),
        roundings(d),
        Decimal.format("%.3g", d.absolute()),
        Decimal.format("%.3g", d.relative()),
        Wording.figure(d.elementUlps()),
        expectation.format().ulps(),
        Wording.figure(d.normwiseUlps()),
        expectation.format().ulps(),
        d.bitEqual(),
        d.elements(),
        zeroSigns(d));
  }

  private static String roundings(Difference d) {
    return d.roundings().isPresent()
        ? Wording.figure(d.roundings().getAsDouble()) + " times the rounding error of its terms; "
        : "";
  }

  /** Says that nothing differs but the signs of zeros, where that is what the match refuses. */
  private String zeroSigns(Difference d) {
    if (matches || !match().equals(Match.EXACT) || !d.isOfZeroSigns()) {
      return "";
    }
    return (d.zeroSigns() == 1
            ? "; the only difference is"
            : "; all " + d.zeroSigns() + " differences are")
        + " the sign of zero (np.maximum(0, -0.0) is -0.0): \"zeros\": \"equal\" would accept"
        + (d.zeroSigns() == 1 ? " it" : " them");
  }

  @Override
  public String brief() {
    return difference
        .map(d -> Wording.figure(d.normwiseUlps()) + " normwise ulps")
        .orElse("shape " + actual.shape() + ", not " + expectation.shape());
  }

  @Override
  public OptionalLong elements() {
    return OptionalLong.of(expected().size());
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
