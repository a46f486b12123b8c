package org.allclose.jnpy;

import java.util.Objects;

/**
 * How files are read.
 *
 * @param limits how much is accepted
 * @param voidAsBfloat16 whether {@code |V2} and {@code <V2}, which is what numpy makes of an array
 *     of bfloat16, is read as {@link ElementType#BFLOAT16} instead of being refused
 */
public record ReadOptions(Limits limits, boolean voidAsBfloat16) {
  public ReadOptions {
    Objects.requireNonNull(limits, "limits");
  }

  /** Returns the default: {@link Limits#defaults()}, and two-byte voids are refused. */
  public static ReadOptions defaults() {
    return new ReadOptions(Limits.defaults(), false);
  }

  /** Returns these options with other limits. */
  public ReadOptions withLimits(Limits other) {
    return new ReadOptions(other, voidAsBfloat16);
  }

  /** Returns these options, with two-byte voids read as bfloat16 or refused. */
  public ReadOptions withVoidAsBfloat16(boolean accepted) {
    return new ReadOptions(limits, accepted);
  }
}
