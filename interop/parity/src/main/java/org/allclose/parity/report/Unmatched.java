package org.allclose.parity.report;

import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.parity.recording.Match;

/**
 * What could not be compared: an array that is there on one side only, that cannot be read, or of
 * which the two sides have different kinds or shapes.
 *
 * @param name the array's name
 * @param match how near it had to be
 * @param expected what was expected, such as {@code float64 of shape (3,)}; empty if nothing was
 * @param actual what there is; empty if it is missing
 */
record Unmatched(String name, Match match, Optional<String> expected, Optional<String> actual)
    implements Comparison {

  /** Returns false: nothing here is as it was expected. */
  @Override
  public boolean matches() {
    return false;
  }

  @Override
  public String explain() {
    return name + ": expected " + expected.orElse("none") + " but got " + actual.orElse("none");
  }

  @Override
  public String brief() {
    return actual.orElse("none") + ", not " + expected.orElse("none");
  }

  @Override
  public OptionalLong elements() {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong bitEqual() {
    return OptionalLong.empty();
  }
}
