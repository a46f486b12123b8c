package org.allclose.cli;

import org.allclose.parity.recording.Match;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the option --match. */
final class MatchConverter implements ITypeConverter<Match> {
  @Override
  public Match convert(String text) {
    try {
      return Match.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
