package org.allclose.parity.report;

import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.parity.recording.Difference;
import org.allclose.parity.recording.Match;

/**
 * One entry of a report: something that was expected, or found, under a name, and the verdict.
 *
 * <p>Real floating-point numbers are compared as tensors, and how far they are apart is measured
 * ({@link TensorReport}); elements of other types are equal or not ({@link ElementsReport}); what
 * is not there, or of another kind or shape, cannot be compared and is an entry that fails ({@link
 * Unmatched}). Arrays of one kind and of two dtypes are compared by value ({@link OtherDtype}).
 */
public sealed interface Comparison permits TensorReport, ElementsReport, OtherDtype, Unmatched {

  /**
   * Returns a comparison of the values of two arrays of different dtypes.
   *
   * @param expected the dtype that was expected
   * @param actual the dtype that there is
   */
  static Comparison otherDtype(Comparison values, String expected, String actual) {
    return new OtherDtype(values, expected, actual);
  }

  /**
   * Returns the entry of what could not be compared, which fails.
   *
   * @param expected what was expected; empty if there is something that was not
   * @param actual what there is; empty if it is missing
   */
  static Comparison unmatched(
      String name, Match match, Optional<String> expected, Optional<String> actual) {
    return new Unmatched(name, match, expected, actual);
  }

  /** Returns the name in the report. */
  String name();

  /** Returns how near it had to be. */
  Match match();

  /** Returns the verdict. */
  boolean matches();

  /** Returns one line: the name, what was expected and what was got. */
  String explain();

  /** Returns what a table has in place of the errors of numbers, in few words. */
  String brief();

  /** Returns how many elements were expected; empty if there was nothing to compare. */
  OptionalLong elements();

  /** Returns how many elements are equal in every bit; empty if none were compared. */
  OptionalLong bitEqual();

  /** Returns the tensors that were compared, if it is tensors. */
  default Optional<TensorReport> numbers() {
    return Optional.empty();
  }

  /** Returns how far the numbers are apart, if numbers of one shape were compared. */
  default Optional<Difference> difference() {
    return numbers().flatMap(TensorReport::difference);
  }

  /** Returns what is to be said even where it matches, in one line behind the name. */
  default Optional<String> remark() {
    return Optional.empty();
  }
}
