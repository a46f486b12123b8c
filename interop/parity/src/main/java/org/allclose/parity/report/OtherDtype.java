package org.allclose.parity.report;

import java.util.Optional;
import java.util.OptionalLong;
import org.allclose.parity.recording.Match;

/**
 * A comparison of the values of two arrays of different dtypes, such as float64 and float32.
 *
 * <p>Under {@link Match#EXACT} it fails, whatever the values: they do not have the same bits. Under
 * other matches the values decide, and the dtypes are a {@link #remark}.
 *
 * @param values the comparison of the values
 * @param expected the dtype that was expected
 * @param actual the dtype that there is
 */
record OtherDtype(Comparison values, String expected, String actual) implements Comparison {

  @Override
  public String name() {
    return values.name();
  }

  @Override
  public Match match() {
    return values.match();
  }

  @Override
  public boolean matches() {
    return values.matches() && !match().equals(Match.EXACT);
  }

  @Override
  public String explain() {
    return name() + ": expected " + expected + " but got " + actual + "; " + values.explain();
  }

  @Override
  public String brief() {
    return values.brief();
  }

  @Override
  public OptionalLong elements() {
    return values.elements();
  }

  @Override
  public OptionalLong bitEqual() {
    return values.bitEqual();
  }

  @Override
  public Optional<TensorReport> numbers() {
    return values.numbers();
  }

  @Override
  public Optional<String> remark() {
    return Optional.of(actual + " in place of " + expected);
  }
}
