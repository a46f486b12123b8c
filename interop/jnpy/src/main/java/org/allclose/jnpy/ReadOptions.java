package org.allclose.jnpy;

import java.util.Objects;
import java.util.Optional;

/**
 * How files are read.
 *
 * @param limits how much is accepted
 * @param voidAsBfloat16 whether {@code |V2} and {@code <V2}, which is what numpy makes of an array
 *     of bfloat16, is read as {@link ElementType#BFLOAT16} instead of being refused
 * @param source what messages call the file; empty for its path
 */
public record ReadOptions(Limits limits, boolean voidAsBfloat16, Optional<String> source) {
  public ReadOptions {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(source, "source");
  }

  /** Returns the default: {@link Limits#defaults()}, and two-byte voids are refused. */
  public static ReadOptions defaults() {
    return new ReadOptions(Limits.defaults(), false, Optional.empty());
  }

  /** Returns these options with other limits. */
  public ReadOptions withLimits(Limits other) {
    return new ReadOptions(other, voidAsBfloat16, source);
  }

  /** Returns these options, with two-byte voids read as bfloat16 or refused. */
  public ReadOptions withVoidAsBfloat16(boolean accepted) {
    return new ReadOptions(limits, accepted, source);
  }

  /** Returns these options for a file that messages call so, such as a copy of another one. */
  public ReadOptions withSource(String name) {
    return new ReadOptions(limits, voidAsBfloat16, Optional.of(name));
  }
}
