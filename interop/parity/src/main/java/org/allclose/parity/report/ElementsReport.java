package org.allclose.parity.report;

import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.parity.recording.Match;

/**
 * The comparison of elements that are no real floating-point numbers, one by one: integers of any
 * size, truth values, strings, bytes.
 *
 * @param name the array's name
 * @param match how near it had to be
 * @param count the number of elements
 * @param equal how many of them are equal
 * @param first the first element that decides: one that is not near enough or, if all are, one that
 *     is not equal; empty if all are equal
 * @param matches the verdict
 */
public record ElementsReport(
    String name, Match match, long count, long equal, Optional<Element> first, boolean matches)
    implements Comparison {

  /**
   * An element on both sides.
   *
   * @param index its index on each axis, as Python prints a tuple of indices
   * @param expected what was expected, as Python prints it
   * @param actual what there is, likewise
   */
  public record Element(String index, String expected, String actual) {}

  @Override
  public String explain() {
    return first
        .map(
            element ->
                name
                    + element.index()
                    + ": expected "
                    + element.expected()
                    + " but got "
                    + element.actual()
                    + " (match "
                    + match
                    + "; "
                    + brief()
                    + ")")
        .orElse(name + ": " + brief());
  }

  @Override
  public String brief() {
    return first.isEmpty()
        ? "all " + count + " elements equal"
        : equal + " of " + count + " elements equal";
  }

  @Override
  public OptionalLong elements() {
    return OptionalLong.of(count);
  }

  @Override
  public OptionalLong bitEqual() {
    return OptionalLong.of(equal);
  }
}
