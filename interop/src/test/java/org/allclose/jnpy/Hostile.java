package org.allclose.jnpy;

/**
 * A file that must be refused, with the error that it must give.
 *
 * @param name what is wrong with it
 * @param file its bytes
 * @param message all that the error says after the place
 */
record Hostile(String name, byte[] file, NpyException.Reason reason, String message) {
  @Override
  public String toString() {
    return name;
  }
}
