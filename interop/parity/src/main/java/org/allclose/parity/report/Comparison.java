package org.allclose.parity.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.internal.arrays.StoredArray;
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
   * Compares what two files have under a name, arrays of any dtype.
   *
   * @param expected empty if it is missing there
   * @param actual empty if it is missing there
   * @return one comparison, or two if the elements are complex
   * @throws IllegalStateException if there are more elements than a Java array has
   */
  static List<Comparison> of(
      String name, Optional<StoredArray> expected, Optional<StoredArray> actual, Match match) {
    return ArrayComparison.of(name, expected, actual, match);
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
