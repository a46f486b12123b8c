package org.allclose.tensor;

import java.util.Locale;

/** What the elements of a tensor are. */
public enum DType {
  /** Double precision, 64 bits. */
  FLOAT64;

  /** Returns numpy's name, such as {@code float64}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
