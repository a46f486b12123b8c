package org.allclose.train;

/** Training met a number that is not finite, and stopped before it changed a parameter. */
public final class DivergenceException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  DivergenceException(String message) {
    super(message);
  }
}
